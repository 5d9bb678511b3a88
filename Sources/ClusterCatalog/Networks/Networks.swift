import ClusterStore
public import NetworkModel

extension ClusterCatalog {
    /// All networks, in the order of their ids.
    public func networks() async throws(CatalogError) -> [CatalogEntry<NetworkRecord>] {
        try await entries(CatalogKeys.networks)
    }

    /// The network with an id, or nil.
    public func network(_ id: NetworkID) async throws(CatalogError) -> CatalogEntry<NetworkRecord>? {
        try await entry(CatalogKeys.network(id))
    }

    /// Finds a network as Docker does: by its whole id, else by its whole name, else by a prefix of its id that no other has.
    /// - Throws: ``CatalogError/Code/networkNotFound`` or ``CatalogError/Code/ambiguous``.
    public func network(matching term: String) async throws(CatalogError) -> CatalogEntry<NetworkRecord> {
        let id = NetworkID(lenient: term)
        if let id, term.utf8.count == NetworkID.length, let network = try await network(id) { return network }
        if let network = try await network(named: term) { return network }
        guard let id else { throw Self.notFound(term) }
        let candidates: [CatalogEntry<NetworkRecord>] = try await entries(CatalogKeys.network(id))
        guard let first = candidates.first else { throw Self.notFound(term) }
        guard candidates.count == 1 else {
            throw CatalogError(.ambiguous, "network \(term) is ambiguous (\(candidates.count) matches found based on ID prefix)")
        }
        return first
    }

    private func network(named name: String) async throws(CatalogError) -> CatalogEntry<NetworkRecord>? {
        guard !name.isEmpty, let claim = try await get(CatalogKeys.networkName(name)) else { return nil }
        return try await network(try RecordCoding.decode(NetworkID.self, from: claim))
    }

    static func notFound(_ term: String) -> CatalogError {
        CatalogError(.networkNotFound, "network \(term) not found")
    }

    /// The endpoints of a network on all nodes, in the order of their ids.
    public func endpoints(of network: NetworkID) async throws(CatalogError) -> [CatalogEntry<EndpointRecord>] {
        try await entries(CatalogKeys.endpoints(of: network))
    }

    /// All endpoints of all networks.
    public func endpoints() async throws(CatalogError) -> [CatalogEntry<EndpointRecord>] {
        try await entries(CatalogKeys.endpoints)
    }

    /// The endpoints that a node holds, also those of an earlier epoch: what its worker takes back or detaches when it starts.
    public func endpoints(on node: NodeID) async throws(CatalogError) -> [CatalogEntry<EndpointRecord>] {
        let index: [CatalogEntry<NetworkID>] = try await entries(CatalogKeys.nodeEndpoints(node))
        let networks = Set(index.map(\.record))
        guard !networks.isEmpty else { return [] }
        let snapshot = try await list(networks.sorted().map { CatalogKeys.endpoints(of: $0) })
        var result: [CatalogEntry<EndpointRecord>] = []
        for entry in snapshot.entries {
            let endpoint = try CatalogEntry<EndpointRecord>(entry)
            if endpoint.record.node == node { result.append(endpoint) }
        }
        return result
    }
}
