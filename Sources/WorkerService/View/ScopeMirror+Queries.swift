import ClusterCatalog
import NetworkModel

extension ScopeMirror {
    var networks: [CatalogEntry<NetworkRecord>] { Array(view.networks.records.values) }

    var nodes: [NodeRecord] { view.nodes.records.values.map(\.record) }

    func knownAddresses(of network: NetworkID) -> AddressSet? {
        view.endpoints[network]?.knownAddresses
    }

    /// Whether a sandbox is one of this node's.
    func knows(_ sandbox: SandboxID) -> Bool { view.sandboxes.records[sandbox] != nil }

    /// The endpoints of one of this node's sandboxes.
    func ownEndpoints(of sandbox: SandboxID) -> [CatalogEntry<EndpointRecord>] {
        ownEndpoints.filter { $0.record.sandbox == sandbox }
    }

    /// One of this node's endpoints.
    func ownEndpoint(_ id: EndpointID) -> CatalogEntry<EndpointRecord>? {
        view.ownEndpoints.records[id].flatMap { view.endpoints[$0.record]?.mirror.records[id] }
    }

    /// This node's endpoints.
    var ownEndpoints: [CatalogEntry<EndpointRecord>] {
        view.ownEndpoints.records.compactMap { view.endpoints[$0.value.record]?.mirror.records[$0.key] }
    }
}
