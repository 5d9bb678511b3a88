import ClusterStore
import NetworkModel

/// Who has a name, for those whom it is in the way.
extension ClusterCatalog {
    /// The endpoint that a name's key names, if it is there.
    func holder(of name: StoreEntry, in network: NetworkID) async throws(CatalogError) -> CatalogEntry<EndpointRecord>? {
        let holder = try RecordCoding.decode(EndpointID.self, from: name)
        return try await entry(CatalogKeys.endpoint(holder, of: network))
    }

    func nameTaken(by holder: EndpointRecord, in network: String) async throws(CatalogError) -> CatalogError {
        let place = try await place(of: holder)
        return CatalogError(
            .endpointNameTaken,
            "endpoint with name \(holder.name) already exists in network \(network): "
                + "sandbox \(holder.sandbox.short) holds it on \(place); disconnect it there to free the name")
    }

    private func place(of endpoint: EndpointRecord) async throws(CatalogError) -> String {
        guard scope == .global else { return "this host" }
        let node: CatalogEntry<NodeRecord>? = try await entry(CatalogKeys.node(endpoint.node))
        return node.map { "host \($0.record.hostname)" }
            ?? "node \(endpoint.node.short), which is gone and will be reaped, or at once by removing the node"
    }
}
