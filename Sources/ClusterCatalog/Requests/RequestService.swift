import ClusterStore
public import NetworkModel

/// The answering side.
extension ClusterCatalog {
    /// The requests for a node, in the order of their ids.
    public func requests(for node: NodeID) async throws(CatalogError) -> [CatalogEntry<RequestRecord>] {
        try await entries(CatalogKeys.requests(for: node))
    }

    /// Claims a request before it is carried out, so that it is carried out at most once.
    ///
    /// - Returns: the claimed request; nil when somebody else has claimed it, its asker has given up, or nobody can tell because the
    ///   answer was lost: then it must not be done.
    public func claimRequest(_ request: CatalogEntry<RequestRecord>) async throws(CatalogError) -> CatalogEntry<RequestRecord>? {
        guard request.record.state == .pending else { return nil }
        return try await setState(.claimed, of: request)
    }

    /// Answers a request that this node has claimed.
    ///
    /// - Returns: whether the asker was still there to be told.
    @discardableResult
    public func answerRequest(
        _ request: CatalogEntry<RequestRecord>, _ state: RequestRecord.State
    ) async throws(CatalogError) -> Bool {
        if try await setState(state, of: request) != nil { return true }
        // A write whose answer was lost shows in the value: only the claimer writes answers.
        let now: CatalogEntry<RequestRecord>? = try await entry(CatalogKeys.request(request.record.id, for: request.record.node))
        return now?.record.state == state
    }

    /// Changes a request that is as it was read, or returns nil.
    private func setState(
        _ state: RequestRecord.State, of request: CatalogEntry<RequestRecord>
    ) async throws(CatalogError) -> CatalogEntry<RequestRecord>? {
        var record = request.record
        record.state = state
        let key = CatalogKeys.request(record.id, for: record.node)
        var backoff = Backoff()
        while let entry = try await get(key), entry.modified == request.revision {
            let put = try RecordCoding.put(record, at: key, lease: entry.lease)
            switch try await commit(StoreTransaction([.unchanged(key, since: request.revision)], then: [put])) {
            case .committed(let revision): return CatalogEntry(record, revision: revision)
            case .conflict: return nil
            case .unknown: try await pause(&backoff, before: "answer request \(record.id.short)")
            }
        }
        return nil
    }
}
