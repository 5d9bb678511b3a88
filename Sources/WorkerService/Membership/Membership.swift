import ClusterCatalog
import ClusterStore
import DaemonKit
import Logging
import NetworkModel
import ServiceLifecycle

/// Keeps this node known to the cluster: its record, under a lease that is renewed with each heartbeat.
///
/// A lease that was lost is replaced and the record written again; no address ever changes for it. A record that is gone while its lease
/// lives is written again at once, and so is one that has changed, in the same epoch (docs/design/worker.md). That another life or another
/// host has the node's id ends the process.
actor Membership: Service {
    /// How a node stays a member.
    struct Terms: Sendable {
        let heartbeat: Duration
        /// How long the cluster believes the node alive without one.
        let timeToLive: Duration
        /// How long the store may be away before the first join; nil, without limit, for a node that has joined it in an earlier life.
        let patience: Duration?
        /// How long a change waits for this node to know what it holds.
        var adoption = Duration.seconds(5)
    }

    private let catalog: ClusterCatalog
    private let mirror: ScopeMirror
    nonisolated let node: NodeID
    /// What the cluster is told of this node.
    private(set) var record: NodeRecord
    private let terms: Terms
    private let onJoin: @Sendable () throws -> Void
    private let clock: any Clock<Duration>
    private let logger: Logger
    private var current: NodeClaim?
    private var lastFault: String?
    private var joining = Latch()
    private var firstTry = Latch()
    /// Whether the record in the store may not be the one that should be there.
    private var isRecordDoubtful = false
    /// Tells how long ago a lease of this node was found gone.
    private var timeSinceLoss: (@Sendable () -> Duration)?
    private var doubts = Bell()

    /// How long after a failure the store is asked again.
    private static let retryInterval = Duration.seconds(1)

    /// - Parameter onJoin: is called after the first join.
    init(
        catalog: ClusterCatalog, mirror: ScopeMirror, record: NodeRecord, terms: Terms, clock: any Clock<Duration>, logger: Logger,
        onJoin: @escaping @Sendable () throws -> Void = {}
    ) {
        self.catalog = catalog
        self.mirror = mirror
        node = record.id
        self.record = record
        self.terms = terms
        self.clock = clock
        self.logger = logger
        self.onJoin = onJoin
    }

    /// What lets this node write.
    /// - Throws: ``DaemonKit/DaemonError`` with the reason why the node has not joined.
    func claim() throws(DaemonError) -> NodeClaim {
        guard let current else {
            throw DaemonError(.unavailable, "this node has not joined the cluster yet: \(lastFault ?? "the store has not answered so far")")
        }
        return current
    }

    /// Waits until the node has joined, or has failed to for the first time.
    func hasTried() async {
        for await _ in firstTry.opening() {}
    }

    /// Waits for the first time that the node has joined.
    func joined() async throws -> NodeClaim {
        for await _ in joining.opening() {}
        try Task.checkCancellation()
        return try claim()
    }

    /// Tells the cluster something else of this node from now on, as soon as the store answers.
    func publish(_ changed: NodeRecord) {
        guard changed != record else { return }
        logger.notice(
            "this host's network has changed",
            metadata: ["vtep": "\(changed.vtep)", "before": "\(record.vtep)", "mtu": "\(changed.underlayMTU)"])
        record = changed
        doubtRecord()
    }

    /// Whether a lease of this node was found gone not longer ago.
    func hasLostLease(within time: Duration) -> Bool { timeSinceLoss.map { $0() < time } ?? false }

    /// The record that the store has is to be looked at: somebody says that it is gone.
    func doubtRecord() {
        isRecordDoubtful = true
        doubts.ring()
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            var lease = try await self.joinFirst()
            while let held = lease {
                try await self.keep(held)
                lease = try await self.join()
            }
        }
    }

    /// Joins for the first time; nil when cancelled.
    private func joinFirst() async throws -> LeaseID? {
        let lease: LeaseID?
        if let patience = terms.patience {
            guard let outcome = try await withDeadline(patience, on: clock, { try await self.join() }) else {
                if Task.isCancelled { return nil }
                throw DaemonError(
                    .unavailable,
                    "cannot join the cluster at \(catalog.store.location): \(lastFault ?? "the store does not answer"); "
                        + "start the store, or correct --cluster-store")
            }
            lease = outcome
        } else {
            lease = try await join()
        }
        if lease != nil { try onJoin() }
        return lease
    }

    /// Joins, however long it takes; nil when cancelled.
    private func join() async throws -> LeaseID? {
        while !Task.isCancelled {
            do throws(CatalogError) {
                return try await tryToJoin()
            } catch {
                guard !error.endsMembership else { throw error }
                guard !Task.isCancelled else { return nil }
                if lastFault != error.message { logger.warning("cannot join the cluster yet", metadata: ["cause": "\(error)"]) }
                lastFault = error.message
                firstTry.open()
                try? await clock.sleep(for: Self.retryInterval)
            }
        }
        return nil
    }

    private func tryToJoin() async throws(CatalogError) -> LeaseID {
        if current == nil { try await catalog.open() }
        let lease = try await catalog.grantLease(lasting: terms.timeToLive)
        try await write(under: lease)
        logger.info(
            "joined the cluster", metadata: ["node": "\(record.id.short)", "vtep": "\(record.vtep)", "epoch": "\(record.epoch)"])
        lastFault = nil
        firstTry.open()
        joining.open()
        return lease
    }

    private func write(under lease: LeaseID) async throws(CatalogError) {
        isRecordDoubtful = false
        let written = record
        do throws(CatalogError) {
            let claim = try await catalog.join(written, holding: lease)
            current = claim
            // A host that has another address has lost its connections to the store too: its own kernel waits for no watch.
            guard let revision = claim.revision else { return }
            await mirror.commit { $0.commit(CatalogEntry(written, revision: revision)) }
        } catch {
            isRecordDoubtful = true
            throw error
        }
    }

    /// Renews the lease until the store says that it is gone.
    private func keep(_ lease: LeaseID) async throws(CatalogError) {
        var pause = terms.heartbeat
        while !Task.isCancelled {
            await rest(atMost: pause)
            guard !Task.isCancelled else { return }
            do {
                try await catalog.store.renew(lease)
                if isRecordDoubtful { try await write(under: lease) }
                pause = terms.heartbeat
            } catch let error as CatalogError where error.endsMembership {
                throw error
            } catch {
                guard (error as? StoreError)?.code != .leaseNotFound else {
                    timeSinceLoss = clock.stopwatch()
                    logger.warning("the node's lease has expired; joining again with all that this node holds")
                    return
                }
                pause = min(Self.retryInterval, terms.heartbeat)
            }
        }
    }

    /// Waits for the next heartbeat, or for a doubt about the record; one that is there already is waited for only after a failure.
    private func rest(atMost pause: Duration) async {
        if isRecordDoubtful, pause == terms.heartbeat { return }
        let (doubt, ticket) = doubts.next()
        _ = try? await withDeadline(pause, on: clock) {
            for await _ in doubt {}
            return true
        }
        doubts.forget(ticket)
    }
}

extension CatalogError {
    /// Whether the node's id is somebody else's, or the catalog is: trying again will not help.
    fileprivate var endsMembership: Bool { code == .nodeTaken || code == .fenced || code == .newerFormat }
}
