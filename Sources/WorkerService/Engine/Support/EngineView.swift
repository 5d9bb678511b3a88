import ClusterCatalog
import DaemonKit
import NetworkModel

/// What is behind the ids that a container engine uses: from the journal and the mirror, and from the store only where those know nothing.
struct EngineView: Sendable {
    let journal: EngineJournal
    let global: ScopedCatalog
    let clock: any Clock<Duration>
    /// How long what the engine has just made is waited for.
    let patience: Duration

    /// How long the mirror may lag behind what another part of this worker, or another node, has written.
    private static let lag = Duration.milliseconds(300)

    /// The network of the cluster behind one of the engine's. One that the engine has just made is waited for: its name is asked for meanwhile.
    func network(_ id: EngineNetworkID) async throws -> CatalogEntry<NetworkRecord> {
        guard let known = await journal.waitForNetwork(id, atMost: patience) else {
            try Task.checkCancellation()
            throw DaemonError(
                .unavailable,
                "network \(id.short) of this engine is not one of the cluster's yet: this host's skein-worker has not been able to look at it "
                    + "or to record it; see its log, and try again")
        }
        guard let network = try await network(known) else {
            throw DaemonError(.notFound, "network \(id.short) of this engine is no longer one of the cluster's: it was removed")
        }
        return network
    }

    /// A network of the cluster, or nil if there is none.
    func network(_ id: NetworkID) async throws -> CatalogEntry<NetworkRecord>? {
        let known = try await withDeadline(Self.lag, on: clock) { await global.mirror.network { $0.id == id } }
        if let known = known ?? nil { return known }
        return try await global.catalog.network(id)
    }

    /// One of this node's endpoints on the engine, once the node knows what it holds.
    func endpoint(_ id: EndpointID) async throws -> CatalogEntry<EndpointRecord>? {
        if let endpoint = await global.mirror.ownEndpoint(id) { return endpoint }
        if await !global.mirror.isInSync { _ = try await global.claim() }
        return await global.mirror.ownEndpoint(id)
    }

    /// - Throws: when the store is known to be away, or the node has not joined.
    func expectStore() async throws -> NodeClaim {
        if await global.mirror.isInSync, let interruption = await global.mirror.interruption { throw interruption }
        return try await global.claim()
    }
}
