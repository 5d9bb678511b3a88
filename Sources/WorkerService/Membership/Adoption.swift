import ClusterCatalog
import ClusterStore
import DaemonKit
import Logging
import NetworkModel
import ServiceLifecycle

/// Makes what an earlier life of this worker left in the stores this life's own, once at its start, and lets nothing be changed before.
///
/// The records are what counts: an endpoint keeps its name and its addresses, and the data plane makes in the kernel again what a
/// reboot has taken away. An endpoint whose sandbox is gone is detached, at the start and now and then: its node was reaped while the store
/// was out of reach, or an attach of which the answer was lost had been carried out. Those of the container engine are kept, with a sandbox or
/// without: which of them live, the engine alone knows.
actor Adoption: Service {
    private let global: ScopeMirror
    private let local: ScopeMirror
    private let globalCatalog: ClusterCatalog
    private let localCatalog: ClusterCatalog
    private let membership: Membership
    private let localClaim: NodeClaim
    private let clock: any Clock<Duration>
    private let logger: Logger
    private var done = Latch()

    /// How often endpoints without a sandbox are looked for.
    private let interval: Duration
    /// How long a change waits for the start to be over.
    private let patience: Duration
    private static let retryInterval = Duration.seconds(1)

    init(
        global: (catalog: ClusterCatalog, mirror: ScopeMirror), local: (catalog: ClusterCatalog, mirror: ScopeMirror),
        membership: Membership, localClaim: NodeClaim, interval: Duration, patience: Duration, clock: any Clock<Duration>, logger: Logger
    ) {
        self.global = global.mirror
        self.local = local.mirror
        globalCatalog = global.catalog
        localCatalog = local.catalog
        self.membership = membership
        self.localClaim = localClaim
        self.interval = interval
        self.patience = patience
        self.clock = clock
        self.logger = logger
    }

    // MARK: Claims

    /// What lets this node write to the cluster's store, once it knows what is its own.
    /// - Throws: ``DaemonKit/DaemonError`` with the reason when that may take longer.
    func claim() async throws -> NodeClaim {
        try await started()
        // The catalog writes the record anew after an answer that was lost.
        return try await membership.claim().following(await global.view.nodes.records[membership.node])
    }

    /// The same for the local store, whose records are about sandboxes of the cluster's.
    func claimLocal() async throws -> NodeClaim {
        try await started()
        return localClaim
    }

    private func started() async throws {
        guard !done.isOpen else { return }
        let isDone = try await withDeadline(patience, on: clock) {
            await self.membership.hasTried()
            _ = try await self.membership.claim()
            await self.finished()
            return true
        }
        guard isDone != nil else {
            let cause = await global.interruption.map(\.message) ?? "its records have not been read yet"
            throw DaemonError(.unavailable, "this node does not know yet what it holds: \(cause)")
        }
    }

    /// Waits until everything is adopted.
    func finished() async {
        for await _ in done.opening() {}
    }

    // MARK: Adopting

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await self.localCatalog.open()
            // It throws when this node is asked to end before it has joined.
            guard (try? await self.membership.joined()) != nil else { return }
            await self.global.synchronised()
            await self.local.synchronised()
            while !Task.isCancelled, await !self.tryToAdopt() { try? await self.clock.sleep(for: Self.retryInterval) }
            while !Task.isCancelled {
                try? await self.clock.sleep(for: self.interval)
                await self.detachOrphans()
            }
        }
    }

    /// - Returns: false when the store was away in between.
    private func tryToAdopt() async -> Bool {
        do {
            try await adopt(global, globalCatalog, as: try await membership.claim())
            try await adopt(local, localCatalog, as: localClaim)
            // No controller looks after what a crash left halfway in the host's own store.
            _ = try await localCatalog.audit()
            done.open()
            return true
        } catch {
            logger.warning("cannot take over yet what this node holds", metadata: ["cause": "\(error)"])
            return false
        }
    }

    private func adopt(_ mirror: ScopeMirror, _ catalog: ClusterCatalog, as claim: NodeClaim) async throws {
        let sandboxes = await global.view.sandboxes.records
        let own = await mirror.ownEndpoints
        let earlier = own.filter { $0.record.epoch != claim.epoch && Self.isWanted($0.record, sandboxes) }
        for endpoint in try await catalog.adopt(earlier, as: claim) { await mirror.commit { $0.commit(endpoint) } }
        try await detachOrphans(mirror, catalog, as: claim)
    }

    /// What fails is found again the next time.
    private func detachOrphans() async {
        guard !Task.isCancelled else { return }
        try? await detachOrphans(local, localCatalog, as: localClaim)
        if let claim = try? await membership.claim() { try? await detachOrphans(global, globalCatalog, as: claim) }
    }

    private func detachOrphans(_ mirror: ScopeMirror, _ catalog: ClusterCatalog, as claim: NodeClaim) async throws {
        // Endpoints first: a sandbox is known before its endpoints are.
        let own = await mirror.ownEndpoints
        let sandboxes = await global.view.sandboxes.records
        for orphan in own where !Self.isWanted(orphan.record, sandboxes) {
            logger.notice("detaching an endpoint whose sandbox is gone", metadata: ["endpoint": "\(orphan.record.name)"])
            let revision = try await catalog.detach(orphan, as: claim)
            await mirror.commit { $0.commitDetach(of: orphan.record, at: revision) }
        }
    }

    private static func isWanted(_ endpoint: EndpointRecord, _ sandboxes: [SandboxID: CatalogEntry<SandboxRecord>]) -> Bool {
        endpoint.kind == .engine || sandboxes[endpoint.sandbox] != nil
    }
}
