import ClusterCatalog
import NetworkModel
public import WorkerAPI

extension ClusterOperations {
    /// The sandboxes of all nodes with their endpoints, by name.
    public func sandboxes() async throws -> [SandboxDetail] {
        let sandboxes = try await catalog.sandboxes().map(\.record)
        let endpoints = Dictionary(grouping: try await catalog.endpoints().map(\.record), by: \.sandbox)
        let context = try await SandboxContext(catalog)
        return sandboxes.map { context.detail(of: $0, endpoints: endpoints[$0.id] ?? []) }.sorted { $0.order < $1.order }
    }

    /// The sandbox that a term means, on any node.
    public func sandbox(matching term: String) async throws -> SandboxDetail {
        let sandbox = try await catalog.sandbox(matching: term).record
        let endpoints = try await catalog.endpoints(on: sandbox.node).map(\.record).filter { $0.sandbox == sandbox.id }
        return try await SandboxContext(catalog).detail(of: sandbox, endpoints: endpoints)
    }
}

/// What a sandbox's detail names besides itself.
private struct SandboxContext {
    let nodes: [NodeID: NodeRecord]
    let networks: [NetworkID: NetworkRecord]

    init(_ catalog: ClusterCatalog) async throws {
        nodes = Dictionary(try await catalog.nodes().map { ($0.record.id, $0.record) }, uniquingKeysWith: { first, _ in first })
        networks = Dictionary(try await catalog.networks().map { ($0.record.id, $0.record) }, uniquingKeysWith: { first, _ in first })
    }

    func detail(of sandbox: SandboxRecord, endpoints: [EndpointRecord]) -> SandboxDetail {
        let attachments = endpoints.compactMap { endpoint in
            networks[endpoint.network].map { SandboxDetail.Attachment(endpoint: endpoint, network: $0) }
        }
        return SandboxDetail(
            sandbox: sandbox, node: nodes[sandbox.node], attachments: attachments.sorted { $0.endpoint.interface < $1.endpoint.interface })
    }
}

extension SandboxDetail {
    fileprivate var order: (String, String) { (sandbox.name.rawValue, sandbox.id.rawValue) }
}
