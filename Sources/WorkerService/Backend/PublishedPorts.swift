import ClusterCatalog
import NetworkModel
import WorkerAPI

/// The ports that this host publishes, as the engine's journal keeps them.
struct PublishedPorts: PublishedPortBackend {
    /// nil without an engine.
    let journal: EngineJournal?
    let scopes: NetworkScopes

    func publishedPorts() async -> [PublishedPortDetail] {
        guard let journal else { return [] }
        let endpoints = await scopes.global.mirror.ownEndpoints.map(\.record)
        let networks = await scopes.networksByID
        let ports = await journal.ports
        let details = endpoints.flatMap { endpoint in
            (ports[endpoint.id] ?? []).map {
                PublishedPortDetail(endpoint: endpoint, network: networks[endpoint.network]?.name, forwarding: $0)
            }
        }
        return details.sorted { $0.order < $1.order }
    }
}

extension PublishedPortDetail {
    fileprivate var order: (EndpointName, UInt16, UInt8, UInt16) {
        (endpoint.name, forwarding.port.number, forwarding.port.transport.rawValue, forwarding.hostPort)
    }
}
