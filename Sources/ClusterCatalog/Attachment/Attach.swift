import ClusterStore
public import NetworkModel

extension ClusterCatalog {
    /// Attaches a sandbox to a network: one transaction that claims the name and the addresses and writes the endpoint.
    ///
    /// A lost race is decided anew. Repeating an attach whose answer was lost, with the same endpoint id, returns what the first did.
    ///
    /// - Parameters:
    ///   - network: as the caller knows it; a stale one costs another round.
    ///   - claim: what the node joined with.
    ///   - known: the taken addresses that the caller knows; nil to have them listed, which costs a read. Too few cost a lost race, too
    ///     many an address that is not the lowest: neither is wrong, since the store decides.
    /// - Throws: ``CatalogError``: ``CatalogError/Code/endpointNameTaken`` naming the holder, ``CatalogError/Code/addressTaken``,
    ///   ``CatalogError/Code/noAddress``, ``CatalogError/Code/invalid`` for an address outside the network's subnets,
    ///   ``CatalogError/Code/networkNotFound``, ``CatalogError/Code/networkRemoving``, ``CatalogError/Code/fenced``.
    public func attach(
        _ request: AttachRequest, to network: CatalogEntry<NetworkRecord>, as claim: NodeClaim, knowing known: AddressSet? = nil
    ) async throws(CatalogError) -> CatalogEntry<EndpointRecord> {
        let listed: AddressSet? = if known == nil { try await takenAddresses(of: network.record.id) } else { nil }
        var attempt = AttachAttempt(request, network: network, claim: claim, known: known ?? listed ?? [])
        var backoff = Backoff()
        do {
            while true {
                if let attached = try await tryToAttach(&attempt) { return attached }
                try await pause(&backoff, before: "attach \(request.name) to network \(network.record.name)")
            }
        } catch {
            throw attempt.allocation.verdict(error)
        }
    }

    /// One round, or nil when it lost a race.
    private func tryToAttach(_ attempt: inout AttachAttempt) async throws(CatalogError) -> CatalogEntry<EndpointRecord>? {
        guard try await isOpen(&attempt.allocation) else { return nil }
        let endpoint = attempt.endpoint(at: try await nextAddresses(&attempt.allocation), randomness)
        switch try await commit(try attempt.transaction(for: endpoint), &attempt.allocation) {
        case .committed(let revision): return CatalogEntry(endpoint, revision: revision)
        case .conflict(let existing): return try await resolve(existing, for: endpoint, &attempt)
        // Done or not, the next round's transaction tells: it compares the endpoint's own key.
        case .unknown: return nil
        }
    }

    /// Learns from a lost race what was in the way.
    private func resolve(
        _ existing: [StoreKey: StoreEntry], for endpoint: EndpointRecord, _ attempt: inout AttachAttempt
    ) async throws(CatalogError) -> CatalogEntry<EndpointRecord>? {
        if let own = existing[CatalogKeys.endpoint(endpoint.id, of: endpoint.network)] {
            return try await adopted(CatalogEntry(own), by: attempt)
        }
        attempt.allocation.claim = try attempt.allocation.claim.renewed(from: existing)
        try attempt.allocation.follow(existing[CatalogKeys.network(endpoint.network)])
        attempt.allocation.forgetEvicted()
        try await resolveName(existing, for: endpoint, &attempt.allocation)
        try await resolve(endpoint.addresses, existing, &attempt.allocation)
        return nil
    }

    /// The endpoint is there already: an earlier round whose answer was lost, or an attach that is repeated.
    private func adopted(
        _ own: CatalogEntry<EndpointRecord>, by attempt: AttachAttempt
    ) async throws(CatalogError) -> CatalogEntry<EndpointRecord>? {
        guard attempt.hasMade(own.record) else {
            throw CatalogError(.invalid, "endpoint \(own.record.id.short) exists already, for another sandbox")
        }
        return try await takeBack(own, as: attempt.allocation.claim)
    }

    private func resolveName(
        _ existing: [StoreKey: StoreEntry], for endpoint: EndpointRecord, _ attempt: inout AllocationAttempt
    ) async throws(CatalogError) {
        guard let entry = existing[CatalogKeys.name(endpoint.name, of: endpoint.network)],
            let holder = try await holder(of: entry, in: endpoint.network)
        else { return }
        guard attempt.maySucceed(holder.record) else {
            throw try await nameTaken(by: holder.record, in: attempt.network.record.name)
        }
        attempt.evict(holder)
    }
}
