public import ClusterStore
public import NetworkModel

extension ClusterCatalog {
    /// Detaches an endpoint: one transaction that deletes it with its name and addresses. One that is gone already is no error.
    ///
    /// The endpoint's record is compared, so that a detach which comes late cannot take what has become somebody else's.
    /// - Returns: the revision at which it was deleted; nil if it was gone, or if the store's answer was lost.
    /// - Throws: ``CatalogError/Code/fenced`` if the endpoint belongs to another node or to a later life of this one.
    @discardableResult
    public func detach(_ endpoint: CatalogEntry<EndpointRecord>, as claim: NodeClaim) async throws(CatalogError) -> StoreRevision? {
        try await remove([endpoint], and: [], as: claim)
    }

    /// Makes endpoints of an earlier life of this worker its own again, with the addresses they have.
    ///
    /// - Returns: those that it now holds; the others are gone.
    public func adopt(
        _ endpoints: [CatalogEntry<EndpointRecord>], as claim: NodeClaim
    ) async throws(CatalogError) -> [CatalogEntry<EndpointRecord>] {
        var adopted: [CatalogEntry<EndpointRecord>] = []
        for endpoint in endpoints {
            if let own = try await takeBack(endpoint, as: claim) { adopted.append(own) }
        }
        return adopted
    }

    func takeBack(
        _ endpoint: CatalogEntry<EndpointRecord>, as claim: NodeClaim
    ) async throws(CatalogError) -> CatalogEntry<EndpointRecord>? {
        let key = CatalogKeys.endpoint(endpoint.record.id, of: endpoint.record.network)
        var current = endpoint
        var claim = claim
        var backoff = Backoff()
        while current.record.epoch != claim.epoch {
            try checkOwner(of: current.record, claim)
            var record = current.record
            record.epoch = claim.epoch
            let put = try RecordCoding.put(record, at: key)
            let outcome = try await commit(StoreTransaction([current.compare] + claim.compares, then: [put]))
            if case .committed(let revision) = outcome { return CatalogEntry(record, revision: revision) }
            if case .conflict(let existing) = outcome { claim = try claim.renewed(from: existing) }
            guard let next: CatalogEntry<EndpointRecord> = try await entry(key) else { return nil }
            current = next
            try await pause(&backoff, before: "take back endpoint \(record.name)")
        }
        return current
    }

    func checkOwner(of endpoint: EndpointRecord, _ claim: NodeClaim) throws(CatalogError) {
        guard endpoint.node == claim.node, endpoint.epoch <= claim.epoch else {
            throw CatalogError(
                .fenced,
                "endpoint \(endpoint.name) belongs to node \(endpoint.node.short) in epoch \(endpoint.epoch), "
                    + "and not to \(claim.node.short) in epoch \(claim.epoch)")
        }
    }

    /// Deletes endpoints with all their keys, and further keys in the last transaction, in as few transactions as the bound allows.
    /// - Returns: the revision at which the last of them went, if it is known.
    func remove(
        _ endpoints: [CatalogEntry<EndpointRecord>], and last: [StoreKey], as claim: NodeClaim
    ) async throws(CatalogError) -> StoreRevision? {
        let batches = endpoints.batches(of: TransactionBound.endpoints)
        for batch in batches.dropLast() { _ = try await removeBatch(Array(batch), and: [], as: claim) }
        return try await removeBatch(Array(batches.last ?? []), and: last, as: claim)
    }

    private func removeBatch(
        _ endpoints: [CatalogEntry<EndpointRecord>], and last: [StoreKey], as claim: NodeClaim
    ) async throws(CatalogError) -> StoreRevision? {
        var endpoints = endpoints
        var backoff = Backoff()
        while true {
            for endpoint in endpoints { try checkOwner(of: endpoint.record, claim) }
            let deletions = (endpoints.flatMap(\.record.keys) + last).map { StoreOperation.delete($0) }
            let outcome = try await commit(StoreTransaction(endpoints.map(\.compare), then: deletions))
            if case .committed(let revision) = outcome { return revision }
            endpoints = try await stillThere(endpoints)
            if endpoints.isEmpty && last.isEmpty { return nil }
            try await pause(&backoff, before: "delete \(endpoints.first.map { "endpoint \($0.record.name)" } ?? last[0].path)")
        }
    }

    /// The endpoints as they are now, without those that are gone.
    func stillThere(_ endpoints: [CatalogEntry<EndpointRecord>]) async throws(CatalogError) -> [CatalogEntry<EndpointRecord>] {
        var result: [CatalogEntry<EndpointRecord>] = []
        for endpoint in endpoints {
            let key = CatalogKeys.endpoint(endpoint.record.id, of: endpoint.record.network)
            if let current: CatalogEntry<EndpointRecord> = try await entry(key) { result.append(current) }
        }
        return result
    }
}

/// How much fits one transaction: 64 compares and writes in all for Consul, 128 for etcd.
enum TransactionBound {
    /// An endpoint is one compare, its record, its index entry, its name and at most two addresses: 6.
    static let endpoints = 9
    /// Single keys, each with two compares and one deletion.
    static let keys = 20
}
