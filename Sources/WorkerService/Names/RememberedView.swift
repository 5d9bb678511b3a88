import ClusterCatalog
import DaemonKit
import NetworkModel

/// The records that names are answered from, as they were last known: in the state directory, for a worker that is started while the store is
/// away. It may be a few seconds old, so nothing but names is taken from it.
struct RememberedView: Codable, Equatable, Sendable {
    var nodes: [NodeRecord] = []
    /// Those that this node takes part in.
    var networks: [NetworkRecord] = []
    var endpoints: [EndpointRecord] = []

    /// More would cost too much to write time and again; of the others the store has to be asked.
    private static let mostEndpoints = 10_000

    init(nodes: [NodeRecord] = [], networks: [NetworkRecord] = [], endpoints: [EndpointRecord] = []) {
        self.nodes = nodes
        self.networks = networks
        self.endpoints = endpoints
    }

    init(_ view: ScopeView) {
        let participation = view.participation
        nodes = view.nodes.records.values.map(\.record).sorted { $0.id < $1.id }
        networks = participation.compactMap { view.networks.records[$0]?.record }.sorted { $0.id < $1.id }
        let all = participation.lazy.compactMap { view.endpoints[$0]?.mirror.records.values }.joined()
        endpoints = all.prefix(Self.mostEndpoints).map(\.record).sorted { $0.id < $1.id }
    }

    /// What is in a file, or nil if it is not there or cannot be read: then the store has to be waited for.
    static func read(_ file: DurableFile) -> RememberedView? {
        guard let text = try? file.read() else { return nil }
        return try? CompactJSON.decode(RememberedView.self, from: Array(text.utf8))
    }

    func write(to file: DurableFile) throws {
        try file.write(String(decoding: try CompactJSON.encode(self), as: UTF8.self))
    }

    var changes: [ViewChange] {
        nodes.map { .node($0.id, $0) } + networks.map { .network($0.id, $0) } + endpoints.map { .endpoint($0.network, $0.id, $0) }
    }

    /// What takes back all that a view does not have.
    func withdrawals(besides view: ScopeView) -> [ViewChange] {
        let nodes = nodes.filter { view.nodes.records[$0.id] == nil }.map { ViewChange.node($0.id, nil) }
        let networks = networks.filter { view.networks.records[$0.id] == nil }.map { ViewChange.network($0.id, nil) }
        let endpoints = endpoints.filter { view.endpoints[$0.network]?.mirror.records[$0.id] == nil }
        return nodes + networks + endpoints.map { .endpoint($0.network, $0.id, nil) }
    }
}
