public import ClusterStore
public import NetworkModel

extension ClusterCatalog {
    /// Makes a sandbox of this node known to the cluster, or publishes its changed record.
    /// - Returns: the record with the revision that wrote it.
    /// - Throws: ``CatalogError/Code/fenced``.
    @discardableResult
    public func putSandbox(_ sandbox: SandboxRecord, as claim: NodeClaim) async throws(CatalogError) -> CatalogEntry<SandboxRecord> {
        let put = try RecordCoding.put(sandbox, at: CatalogKeys.sandbox(sandbox.id, on: sandbox.node))
        var claim = claim
        var backoff = Backoff()
        while true {
            switch try await commit(StoreTransaction(claim.compares, then: [put])) {
            case .committed(let revision): return CatalogEntry(sandbox, revision: revision)
            case .conflict(let existing): claim = try claim.renewed(from: existing)
            // Writing the same once more does no harm, but for a write that comes after the sandbox's end.
            case .unknown: claim = try await outdate(claim)
            }
            try await pause(&backoff, before: "record sandbox \(sandbox.name)")
        }
    }

    /// Removes a sandbox of this node together with its endpoints: up to nine endpoints in one transaction.
    /// - Returns: the revision at which the last of them was deleted; nil if the store's answer was lost.
    /// - Throws: ``CatalogError/Code/fenced`` if an endpoint belongs to another node or a later life of this one.
    @discardableResult
    public func removeSandbox(
        _ id: SandboxID, with endpoints: [CatalogEntry<EndpointRecord>], as claim: NodeClaim
    ) async throws(CatalogError) -> StoreRevision? {
        try await remove(endpoints, and: [CatalogKeys.sandbox(id, on: claim.node)], as: claim)
    }

    /// The sandboxes of all nodes.
    public func sandboxes() async throws(CatalogError) -> [CatalogEntry<SandboxRecord>] {
        try await entries(CatalogKeys.sandboxes)
    }

    /// The sandboxes of one node.
    public func sandboxes(on node: NodeID) async throws(CatalogError) -> [CatalogEntry<SandboxRecord>] {
        try await entries(CatalogKeys.sandboxes(on: node))
    }

    /// Finds a sandbox on any node by its whole id, its name or a prefix of its id.
    /// - Throws: ``CatalogError/Code/sandboxNotFound`` in Docker's words, or ``CatalogError/Code/ambiguous``.
    public func sandbox(matching term: String) async throws(CatalogError) -> CatalogEntry<SandboxRecord> {
        let match = Match(term, what: "container", orThrow: CatalogError(.sandboxNotFound, "No such container: \(term)"))
        return try match.find(in: try await sandboxes(), id: \.record.id.rawValue, name: \.record.name.rawValue)
    }
}
