import ClusterCatalog
import ClusterStore
import DaemonKit
import Logging
import NetworkModel
import ServiceLifecycle

/// Keeps this node known to the cluster: its record, under a lease that is renewed at a third of its life.
///
/// A lease that was lost is replaced and the record written again; no address ever changes for it. That another life or another host
/// has the node's id ends the process.
actor Membership: Service {
    private let catalog: ClusterCatalog
    private let record: NodeRecord
    private let ttl: Duration
    private let clock: any Clock<Duration>
    private let logger: Logger
    private var current: NodeClaim?
    private var lastFault: String?
    private var joining = Latch()

    /// How long after a failure the store is asked again.
    private static let retryInterval = Duration.seconds(1)

    init(catalog: ClusterCatalog, record: NodeRecord, ttl: Duration, clock: any Clock<Duration>, logger: Logger) {
        self.catalog = catalog
        self.record = record
        self.ttl = ttl
        self.clock = clock
        self.logger = logger
    }

    /// What lets this node write.
    /// - Throws: ``DaemonError`` with the reason why the node has not joined.
    func claim() throws(DaemonError) -> NodeClaim {
        guard let current else {
            throw DaemonError(.unavailable, "this node has not joined the cluster yet: \(lastFault ?? "the store has not answered so far")")
        }
        return current
    }

    /// Waits for the first time that the node has joined.
    func joined() async throws -> NodeClaim {
        for await _ in joining.opening() {}
        try Task.checkCancellation()
        return try claim()
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled { try await self.joinAndKeep() }
        }
    }

    /// Joins, and returns when the lease is lost.
    private func joinAndKeep() async throws {
        do throws(CatalogError) {
            let lease = try await catalog.grantLease(lasting: ttl)
            let claim = try await catalog.join(record, holding: lease)
            logger.info(
                "joined the cluster", metadata: ["node": "\(record.id.short)", "vtep": "\(record.vtep)", "epoch": "\(record.epoch)"])
            current = claim
            lastFault = nil
            joining.open()
            await keep(lease)
        } catch {
            guard error.code != .nodeTaken, error.code != .fenced, error.code != .newerFormat else { throw error }
            if lastFault != error.message { logger.warning("cannot join the cluster yet", metadata: ["cause": "\(error)"]) }
            lastFault = error.message
            try? await clock.sleep(for: Self.retryInterval)
        }
    }

    /// Renews the lease until the store says that it is gone.
    private func keep(_ lease: LeaseID) async {
        var pause = ttl / 3
        while !Task.isCancelled {
            try? await clock.sleep(for: pause)
            do throws(StoreError) {
                try await catalog.store.renew(lease)
                pause = ttl / 3
            } catch {
                guard error.code != .leaseNotFound else {
                    logger.warning("the node's lease has expired; joining again with all that this node holds")
                    return
                }
                pause = Self.retryInterval
            }
        }
    }
}
