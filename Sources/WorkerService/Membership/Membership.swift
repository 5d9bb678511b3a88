import ClusterCatalog
import ClusterStore
import DaemonKit
import Logging
import NetworkModel
import ServiceLifecycle

/// Keeps this node known to the cluster: its record, under a lease that is renewed with each heartbeat.
///
/// A lease that was lost is replaced and the record written again; no address ever changes for it. That another life or another host
/// has the node's id ends the process.
actor Membership: Service {
    /// How a node stays a member.
    struct Terms: Sendable {
        let heartbeat: Duration
        /// How long the cluster believes the node alive without one.
        let timeToLive: Duration
        /// How long the store may be away before the first join; nil, without limit, for a node that has joined it in an earlier life.
        let patience: Duration?
    }

    private let catalog: ClusterCatalog
    private let record: NodeRecord
    private let terms: Terms
    private let onJoin: @Sendable () throws -> Void
    private let clock: any Clock<Duration>
    private let logger: Logger
    private var current: NodeClaim?
    private var lastFault: String?
    private var joining = Latch()
    private var firstTry = Latch()

    /// How long after a failure the store is asked again.
    private static let retryInterval = Duration.seconds(1)

    /// - Parameter onJoin: is called after the first join.
    init(
        catalog: ClusterCatalog, record: NodeRecord, terms: Terms, clock: any Clock<Duration>, logger: Logger,
        onJoin: @escaping @Sendable () throws -> Void = {}
    ) {
        self.catalog = catalog
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

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            var lease = try await self.joinFirst()
            while let held = lease {
                await self.keep(held)
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
                guard error.code != .nodeTaken, error.code != .fenced, error.code != .newerFormat else { throw error }
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
        current = try await catalog.join(record, holding: lease)
        logger.info(
            "joined the cluster", metadata: ["node": "\(record.id.short)", "vtep": "\(record.vtep)", "epoch": "\(record.epoch)"])
        lastFault = nil
        firstTry.open()
        joining.open()
        return lease
    }

    /// Renews the lease until the store says that it is gone.
    private func keep(_ lease: LeaseID) async {
        var pause = terms.heartbeat
        while !Task.isCancelled {
            try? await clock.sleep(for: pause)
            guard !Task.isCancelled else { return }
            do throws(StoreError) {
                try await catalog.store.renew(lease)
                pause = terms.heartbeat
            } catch {
                guard error.code != .leaseNotFound else {
                    logger.warning("the node's lease has expired; joining again with all that this node holds")
                    return
                }
                pause = min(Self.retryInterval, terms.heartbeat)
            }
        }
    }
}
