import ClusterStore
public import NetworkModel

extension ClusterCatalog {
    /// Removes a network without endpoints, and all that belongs to it.
    ///
    /// The record is marked first, so that nothing attaches while endpoints are looked for: an attach compares the record. Whoever
    /// finds the mark of a remover that died goes on where it stopped.
    /// - Throws: ``CatalogError/Code/networkInUse`` naming the endpoints, ``CatalogError/Code/networkNotFound``.
    public func removeNetwork(_ id: NetworkID) async throws(CatalogError) {
        var backoff = Backoff()
        guard var network = try await network(id) else { throw Self.notFound(id.rawValue) }
        // Looked at before marking too, so that removing a used network in vain does not hold up those that attach to it.
        if network.record.state == .active { try await checkUnused(network.record) }
        while try await !tryToRemove(network) {
            try await pause(&backoff, before: "remove network \(network.record.name)")
            guard let next = try await self.network(id) else { return }
            network = next
        }
    }

    /// One round; false when it lost a race.
    private func tryToRemove(_ network: CatalogEntry<NetworkRecord>) async throws(CatalogError) -> Bool {
        guard let marked = try await setState(.removing, of: network) else { return false }
        do {
            try await checkUnused(marked.record)
        } catch {
            // Whether or not this succeeds, the audit undoes what is left.
            _ = try? await setState(.active, of: marked)
            throw error
        }
        switch try await commit(removal(of: marked)) {
        case .committed: return true
        case .conflict, .unknown: return false
        }
    }

    /// Marks or unmarks a network, or tells by nil that its record is another by now.
    func setState(
        _ state: NetworkRecord.State, of network: CatalogEntry<NetworkRecord>
    ) async throws(CatalogError) -> CatalogEntry<NetworkRecord>? {
        guard network.record.state != state else { return network }
        var record = network.record
        record.state = state
        let key = CatalogKeys.network(record.id)
        let transaction = StoreTransaction([.unchanged(key, since: network.revision)], then: [try RecordCoding.put(record, at: key)])
        guard case .committed(let revision) = try await commit(transaction) else { return nil }
        return CatalogEntry(record, revision: revision)
    }

    private func checkUnused(_ network: NetworkRecord) async throws(CatalogError) {
        let endpoints = try await endpoints(of: network.id).map(\.record)
        guard !endpoints.isEmpty else { return }
        let names = endpoints.prefix(10).map { "name:\"\($0.name)\" id:\"\($0.id.short)\"" }.joined(separator: ", ")
        let more = endpoints.count > 10 ? ", and \(endpoints.count - 10) more" : ""
        throw CatalogError(
            .networkInUse, "error while removing network: network \(network.name) has active endpoints (\(names)\(more))")
    }

    func removal(of network: CatalogEntry<NetworkRecord>) -> StoreTransaction {
        let record = network.record
        let key = CatalogKeys.network(record.id)
        let claims =
            [CatalogKeys.networkName(record.name)] + record.subnets.map { CatalogKeys.pool($0.pool, in: scope) }
            + (record.vni.map { [CatalogKeys.vni($0)] } ?? [])
        let children = [CatalogKeys.addresses(of: record.id), CatalogKeys.endpoints(of: record.id), CatalogKeys.names(of: record.id)]
        return StoreTransaction(
            [.unchanged(key, since: network.revision)],
            then: [.delete(key)] + claims.map { .delete($0) } + children.map { .deleteChildren($0) })
    }
}
