import ClusterStore
public import NetworkModel

extension ClusterCatalog {
    /// Says which container an endpoint of this node belongs to: one transaction that moves its name, and writes the endpoint and the
    /// sandbox. When nothing changes, nothing is written.
    ///
    /// The name of a dead endpoint of this node's earlier life, or of the same sandbox, is taken over with all that the dead one holds.
    ///
    /// - Returns: the endpoint as it is now. If anything was written, the sandbox was at the same revision.
    /// - Throws: ``CatalogError/Code/endpointNotFound`` when the endpoint has been detached, ``CatalogError/Code/endpointNameTaken`` naming
    ///   the holder, ``CatalogError/Code/fenced``.
    public func identify(
        _ endpoint: CatalogEntry<EndpointRecord>, as identity: EndpointIdentity, by claim: NodeClaim
    ) async throws(CatalogError) -> CatalogEntry<EndpointRecord> {
        var attempt = IdentifyAttempt(endpoint: endpoint, identity: identity, claim: claim)
        var backoff = Backoff()
        while true {
            try checkOwner(of: attempt.endpoint.record, attempt.claim)
            if try await isIdentified(attempt) { return attempt.endpoint }
            switch try await commit(try attempt.transaction()) {
            case .committed(let revision): return CatalogEntry(attempt.record, revision: revision)
            case .conflict(let existing): try await resolve(existing, &attempt)
            case .unknown:
                attempt.claim = try await outdate(attempt.claim)
                attempt.endpoint = try await current(attempt)
            }
            try await pause(&backoff, before: "identify endpoint \(endpoint.record.name) as \(identity.name)")
        }
    }

    /// Whether there is nothing to write. The sandbox is looked at only when the endpoint is as it shall be.
    private func isIdentified(_ attempt: IdentifyAttempt) async throws(CatalogError) -> Bool {
        guard attempt.endpoint.record == attempt.record else { return false }
        let sandbox: CatalogEntry<SandboxRecord>? = try await entry(attempt.sandboxKey)
        return sandbox?.record == attempt.identity.sandbox
    }

    private func current(_ attempt: IdentifyAttempt) async throws(CatalogError) -> CatalogEntry<EndpointRecord> {
        guard let current: CatalogEntry<EndpointRecord> = try await entry(attempt.key) else { throw attempt.gone }
        return current
    }

    private func resolve(_ existing: [StoreKey: StoreEntry], _ attempt: inout IdentifyAttempt) async throws(CatalogError) {
        guard let own = existing[attempt.key] else { throw attempt.gone }
        attempt.claim = try attempt.claim.renewed(from: existing)
        attempt.endpoint = try CatalogEntry(own)
        attempt.evicted = nil
        let network = attempt.record.network
        guard let name = existing[attempt.nameKey], let holder = try await holder(of: name, in: network),
            holder.record.id != attempt.record.id
        else { return }
        guard attempt.maySucceed(holder.record) else {
            let record = try await self.network(network)?.record
            throw try await nameTaken(by: holder.record, in: record?.name ?? network.short)
        }
        attempt.evicted = holder
    }
}

/// An endpoint that is being identified.
private struct IdentifyAttempt {
    /// As it was last read.
    var endpoint: CatalogEntry<EndpointRecord>
    let identity: EndpointIdentity
    var claim: NodeClaim
    /// Whose name it takes.
    var evicted: CatalogEntry<EndpointRecord>?

    /// What the endpoint shall be.
    var record: EndpointRecord {
        var record = endpoint.record
        record.name = identity.name
        record.aliases = identity.aliases
        record.links = identity.links
        record.sandbox = identity.sandbox.id
        record.epoch = claim.epoch
        return record
    }

    var key: StoreKey { CatalogKeys.endpoint(endpoint.record.id, of: endpoint.record.network) }
    var nameKey: StoreKey { CatalogKeys.name(identity.name, of: endpoint.record.network) }
    var sandboxKey: StoreKey { CatalogKeys.sandbox(identity.sandbox.id, on: identity.sandbox.node) }

    var gone: CatalogError {
        CatalogError(.endpointNotFound, "endpoint \(endpoint.record.id.short) of sandbox \(identity.sandbox.name) was detached meanwhile")
    }

    func maySucceed(_ holder: EndpointRecord) -> Bool {
        holder.node == claim.node && (holder.epoch < claim.epoch || holder.sandbox == identity.sandbox.id)
    }

    func transaction() throws(CatalogError) -> StoreTransaction {
        let record = record
        var compares = [endpoint.compare] + claim.compares
        var operations = [
            try RecordCoding.put(record, at: key), try RecordCoding.put(identity.sandbox, at: sandboxKey),
        ]
        let former = CatalogKeys.name(endpoint.record.name, of: record.network)
        if former != nameKey {
            // An evicted endpoint that is unchanged still holds its name.
            compares.append(evicted?.compare ?? .absent(nameKey))
            operations.append(try RecordCoding.put(record.id, at: nameKey))
            operations.append(.delete(former))
        }
        let evictions = evicted?.record.keys.filter { $0 != nameKey } ?? []
        return StoreTransaction(compares, then: operations + evictions.map { .delete($0) })
    }
}
