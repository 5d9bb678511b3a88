import ClusterCatalog
import DaemonKit
import DesiredState
import EngineClient
import KernelNetwork
import Logging
import NetworkModel

/// Detaches the endpoints of containers that are gone without a word: the engine was killed with them, or the worker was while they went.
///
/// The truth about an engine's endpoints is the engine. While it does not answer it may be restarting and its containers running (lesson 10), so
/// nothing is taken for gone but what the kernel shows to be in no container.
actor EngineSweep {
    private let engine: any ContainerEngine
    private let journal: EngineJournal
    private let global: ScopedCatalog
    private let changes: EndpointChanges
    private let kernel: any NetworkKernel
    private let logger: Logger
    private let now: @Sendable () -> Duration
    /// By the engine's word.
    private var unclaimed = Suspects(patience: .seconds(30))
    /// By the kernel's, while the engine does not answer.
    private var unplugged = Suspects(patience: .seconds(60))

    init(
        engine: any ContainerEngine, journal: EngineJournal, scopes: NetworkScopes, kernel: any NetworkKernel, clock: any Clock<Duration>,
        logger: Logger
    ) {
        self.engine = engine
        self.journal = journal
        self.kernel = kernel
        self.logger = logger
        global = scopes.global
        changes = EndpointChanges(scopes: scopes)
        now = clock.stopwatch()
    }

    private var endpoints: [EndpointID: CatalogEntry<EndpointRecord>] {
        get async {
            let own = await global.mirror.ownEndpoints.filter { $0.record.kind == .engine }
            return Dictionary(own.map { ($0.record.id, $0) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Looks for endpoints that none of the engine's containers has.
    func compare(with containers: [HostedContainer]) async {
        unplugged.clear()
        let endpoints = await endpoints
        let held = Set(containers.flatMap { $0.attachments.compactMap(\.endpoint) })
        for id in unclaimed.update(Set(endpoints.keys).subtracting(held), at: now()).sorted() {
            guard let endpoint = endpoints[id] else { continue }
            do {
                // A container that is being started has endpoints before it runs.
                guard try await !isOnEngine(endpoint.record) else { continue }
                try await detach(endpoint)
            } catch {
                logger.warning(
                    "cannot detach yet what no container has", metadata: ["endpoint": "\(endpoint.record.name)", "cause": "\(error)"])
            }
        }
    }

    private func isOnEngine(_ endpoint: EndpointRecord) async throws -> Bool {
        for (id, network) in await journal.networks where network == endpoint.network {
            if try await engine.network(id)?.endpoints.contains(endpoint.id) == true { return true }
        }
        return false
    }

    /// Looks for endpoints whose device lies on the host, while the engine does not answer: it has taken it into no container, or the container
    /// went and the pair was made anew.
    func engineIsAway() async {
        unclaimed.clear()
        let endpoints = await endpoints
        guard !endpoints.isEmpty, let devices = await devicesOnHost() else { return unplugged.clear() }
        let idle = endpoints.keys.filter { devices.contains(KernelNames.engineDevice(of: $0)) }
        for id in unplugged.update(Set(idle), at: now()).sorted() {
            guard let endpoint = endpoints[id] else { continue }
            try? await detach(endpoint)
        }
    }

    private func devicesOnHost() async -> Set<String>? {
        let kernel = kernel
        return await blocking { (try? kernel.dump(.host)).map { Set($0.links.keys) } }
    }

    private func detach(_ endpoint: CatalogEntry<EndpointRecord>) async throws {
        logger.notice(
            "detaching an endpoint whose container is gone",
            metadata: ["endpoint": "\(endpoint.record.name)", "network": "\(endpoint.record.network.short)"])
        try await changes.detach(endpoint, in: global)
    }
}
