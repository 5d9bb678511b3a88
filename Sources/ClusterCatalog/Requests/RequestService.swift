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
    /// - Returns: the claimed request; nil when somebody else has claimed it, or its asker has given up: then it must not be done.
    public func claimRequest(_ request: CatalogEntry<RequestRecord>) async throws(CatalogError) -> CatalogEntry<RequestRecord>? {
        guard request.record.state == .pending else { return nil }
        return try await setState(.claimed, of: request)
    }

    /// Answers a request.
    ///
    /// - Returns: whether the asker was still there to be told.
    @discardableResult
    public func answerRequest(
        _ request: CatalogEntry<RequestRecord>, _ state: RequestRecord.State
    ) async throws(CatalogError) -> Bool {
        try await setState(state, of: request) != nil
    }

    private func setState(
        _ state: RequestRecord.State, of request: CatalogEntry<RequestRecord>
    ) async throws(CatalogError) -> CatalogEntry<RequestRecord>? {
        var record = request.record
        record.state = state
        let key = CatalogKeys.request(record.id, for: record.node)
        var backoff = Backoff()
        while let entry = try await get(key) {
            // After a lost answer, the value says whether it was ours.
            if try RecordCoding.decode(RequestRecord.self, from: entry) == record { return try CatalogEntry(entry) }
            guard entry.modified == request.revision else { return nil }
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
