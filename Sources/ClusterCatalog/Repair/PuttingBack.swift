import ClusterStore
public import NetworkModel

/// What a store has lost, and somebody who is alive still knows: it is put back where nobody has taken its place.
extension ClusterCatalog {
    /// Puts back what is missing of an endpoint that its worker holds: its record, its name, its addresses, its entry in the node's index. In
    /// one transaction, which takes nothing away from anybody.
    /// - Returns: the endpoint as it is in the store now; nil when its network is gone, or its name or an address is somebody else's.
    /// - Throws: ``CatalogError/Code/fenced``.
    public func putBack(_ endpoint: EndpointRecord, as claim: NodeClaim) async throws(CatalogError) -> CatalogEntry<EndpointRecord>? {
        let key = CatalogKeys.endpoint(endpoint.id, of: endpoint.network)
        var claim = claim
        var backoff = Backoff()
        while true {
            guard let network = try await network(endpoint.network), network.record.state == .active else { return nil }
            let there: CatalogEntry<EndpointRecord>? = try await entry(key)
            var record = there?.record ?? endpoint
            try checkOwner(of: record, claim)
            record.epoch = claim.epoch
            let claims = try await list(record.claims).entries.filter { record.claims.contains($0.key) }
            guard claims.allSatisfy({ Self.isClaim($0, of: record) }) else { return nil }
            let compares =
                [there?.compare ?? .absent(key), .unchanged(CatalogKeys.network(record.network), since: network.revision)]
                + Self.compares(of: record.claims, as: claims) + claim.compares
            switch try await commit(StoreTransaction(compares, then: try record.puts)) {
            case .committed(let revision): return CatalogEntry(record, revision: revision)
            case .unknown: break
            case .conflict(let existing): claim = try claim.renewed(from: existing)
            }
            try await pause(&backoff, before: "put back endpoint \(record.name)")
        }
    }

    private static func compares(of keys: [StoreKey], as entries: [StoreEntry]) -> [StoreCompare] {
        let there = Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.modified) })
        return keys.map { key in there[key].map { .unchanged(key, since: $0) } ?? .absent(key) }
    }

    /// Whether a name or an address that is there is the endpoint's: only a part of it was lost.
    private static func isClaim(_ entry: StoreEntry, of endpoint: EndpointRecord) -> Bool {
        if let name = try? RecordCoding.decode(EndpointID.self, from: entry) { return name == endpoint.id }
        return (try? RecordCoding.decode(AddressRecord.self, from: entry)) == .endpoint(endpoint.id)
    }

    /// Puts back a network that the store has lost, as it was, with its name, its VNI and its pools.
    /// - Returns: the network as it is in the store now; nil when its name, its VNI or a pool is another network's.
    public func putBack(_ network: NetworkRecord) async throws(CatalogError) -> CatalogEntry<NetworkRecord>? {
        var record = network
        record.state = .active
        var backoff = Backoff()
        while true {
            if let there = try await self.network(record.id) { return there }
            let state = try AllocationState(
                try await list(AllocationState.prefixes(for: record.name, scope: scope)), name: record.name, scope: scope, hosts: [])
            // Another worker that knows it may be as fast.
            if state.nameHolder != record.id {
                guard state.nameHolder == nil, state.isFree(record) else { return nil }
                if case .committed(let revision) = try await commit(try creation(of: record, in: state)) {
                    return CatalogEntry(record, revision: revision)
                }
            }
            try await pause(&backoff, before: "put back network \(record.name)")
        }
    }
}

extension AllocationState {
    /// Whether a network may have the VNI and the pools that it had. Routes of hosts are no hindrance: it has been used beside them.
    fileprivate func isFree(_ network: NetworkRecord) -> Bool {
        guard network.vni.map({ !has($0) }) ?? true else { return false }
        return network.subnets.allSatisfy { subnet in !hasOverlap(with: subnet.pool) }
    }
}
