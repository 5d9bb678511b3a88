import ClusterCatalog
import ClusterStore
import NetworkModel
public import WorkerAPI

extension ClusterOperations {
    /// All nodes, by hostname; those that are gone and still hold something come last.
    public func nodes() async throws -> [NodeDetail] {
        var details: [NodeID: NodeDetail] = [:]
        for node in try await catalog.nodes() { details[node.record.id] = NodeDetail(id: node.record.id, record: node.record) }
        for sandbox in try await catalog.sandboxes() {
            details[sandbox.record.node, default: NodeDetail(id: sandbox.record.node, record: nil)].sandboxes += 1
        }
        for endpoint in try await catalog.endpoints() {
            details[endpoint.record.node, default: NodeDetail(id: endpoint.record.node, record: nil)].endpoints += 1
        }
        return details.values.sorted { $0.order < $1.order }
    }

    /// The node that a term means: a whole id, a hostname or a prefix of an id; also one that is gone.
    public func node(matching term: String) async throws -> NodeDetail {
        let nodes = try await nodes()
        if let exact = nodes.first(where: { $0.id.rawValue == term }) { return exact }
        let named = nodes.filter { $0.record?.hostname == term }
        let found = named.isEmpty ? nodes.filter { !term.isEmpty && $0.id.rawValue.hasPrefix(term) } : named
        guard let first = found.first else { throw DaemonError(.notFound, "no such node: \(term)") }
        guard found.count == 1 else {
            throw DaemonError(.invalid, "node \(term) is ambiguous (\(found.count) matches found): use its id")
        }
        return first
    }

    /// Frees what a node that is gone held, without waiting for its grace to end.
    public func removeNode(matching term: String) async throws {
        _ = try await catalog.reapNode(try await node(matching: term).id)
    }
}

extension NodeDetail {
    fileprivate var order: (Int, String, String) { (record == nil ? 1 : 0, record?.hostname ?? "", id.rawValue) }
}
