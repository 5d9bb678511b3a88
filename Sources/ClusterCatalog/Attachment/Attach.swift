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
    ///   - known: the taken addresses that the caller knows; nil to have them listed, which costs a read.
    /// - Throws: ``CatalogError``: ``CatalogError/Code/endpointNameTaken`` naming the holder, ``CatalogError/Code/addressTaken``,
    ///   ``CatalogError/Code/noAddress``, ``CatalogError/Code/invalid`` for an address outside the network's subnets,
    ///   ``CatalogError/Code/networkNotFound``, ``CatalogError/Code/networkRemoving``, ``CatalogError/Code/fenced``.
    public func attach(
        _ request: AttachRequest, to network: CatalogEntry<NetworkRecord>, as claim: NodeClaim, knowing known: KnownAddresses? = nil
    ) async throws(CatalogError) -> CatalogEntry<EndpointRecord> {
        let listed: KnownAddresses? = if known == nil { try await takenAddresses(of: network.record.id) } else { nil }
        var attempt = AttachAttempt(request, network: network, claim: claim, known: known ?? listed ?? KnownAddresses([]))
        var backoff = Backoff()
        while true {
            if let attached = try await tryToAttach(&attempt) { return attached }
            try await pause(&backoff, before: "attach \(request.name) to network \(network.record.name)")
        }
    }

    private func takenAddresses(of network: NetworkID) async throws(CatalogError) -> KnownAddresses {
        let snapshot = try await list(CatalogKeys.addresses(of: network))
        return KnownAddresses(Set(snapshot.entries.compactMap { try? IPAddress($0.key.segments.last ?? "") }))
    }

    /// One round, or nil when it lost a race.
    private func tryToAttach(_ attempt: inout AttachAttempt) async throws(CatalogError) -> CatalogEntry<EndpointRecord>? {
        if attempt.network.record.state == .removing {
            try attempt.follow(try await get(CatalogKeys.network(attempt.network.record.id)))
            guard attempt.network.record.state == .active else { return nil }
        }
        let endpoint = try await nextEndpoint(&attempt)
        switch try await commit(try attempt.transaction(for: endpoint)) {
        case .committed(let revision): return CatalogEntry(endpoint, revision: revision)
        case .conflict(let existing): return try await resolve(existing, for: endpoint, &attempt)
        // Done or not, the next round's transaction tells: it compares the endpoint's own key.
        case .unknown: return nil
        }
    }

    /// The endpoint to try; when what the caller knows leaves no address, the store's own list decides.
    private func nextEndpoint(_ attempt: inout AttachAttempt) async throws(CatalogError) -> EndpointRecord {
        do {
            return try attempt.endpoint(randomness)
        } catch {
            guard error.code == .noAddress else { throw error }
            attempt.choice.known = try await takenAddresses(of: attempt.network.record.id)
            attempt.choice.taken = []
            return try attempt.endpoint(randomness)
        }
    }

    /// Learns from a lost race what was in the way.
    private func resolve(
        _ existing: [StoreKey: StoreEntry], for endpoint: EndpointRecord, _ attempt: inout AttachAttempt
    ) async throws(CatalogError) -> CatalogEntry<EndpointRecord>? {
        if let own = existing[CatalogKeys.endpoint(endpoint.id, of: endpoint.network)] {
            return try await adopted(CatalogEntry(own), by: attempt)
        }
        attempt.claim = try attempt.claim.renewed(from: existing)
        try attempt.follow(existing[CatalogKeys.network(endpoint.network)])
        attempt.forgetEvicted()
        try await resolveName(existing, for: endpoint, &attempt)
        try await resolveAddresses(existing, for: endpoint, &attempt)
        return nil
    }

    /// The endpoint is there already: an earlier round whose answer was lost, or an attach that is repeated.
    private func adopted(
        _ own: CatalogEntry<EndpointRecord>, by attempt: AttachAttempt
    ) async throws(CatalogError) -> CatalogEntry<EndpointRecord>? {
        guard own.record.node == attempt.claim.node, own.record.sandbox == attempt.request.sandbox else {
            throw CatalogError(.invalid, "endpoint \(own.record.id.short) exists already, for another sandbox")
        }
        return try await takeBack(own, as: attempt.claim)
    }

    private func resolveName(
        _ existing: [StoreKey: StoreEntry], for endpoint: EndpointRecord, _ attempt: inout AttachAttempt
    ) async throws(CatalogError) {
        guard let entry = existing[CatalogKeys.name(endpoint.name, of: endpoint.network)] else { return }
        let holder = try RecordCoding.decode(EndpointID.self, from: entry)
        guard let holding: CatalogEntry<EndpointRecord> = try await self.entry(CatalogKeys.endpoint(holder, of: endpoint.network))
        else { return }
        guard attempt.maySucceed(holding.record) else { throw try await nameTaken(holding.record, on: attempt.network.record) }
        attempt.evict(holding)
    }

    private func nameTaken(_ holder: EndpointRecord, on network: NetworkRecord) async throws(CatalogError) -> CatalogError {
        let place = try await place(of: holder)
        return CatalogError(
            .endpointNameTaken,
            "endpoint with name \(holder.name) already exists in network \(network.name): "
                + "sandbox \(holder.sandbox.short) holds it on \(place); disconnect it there to free the name")
    }

    private func place(of endpoint: EndpointRecord) async throws(CatalogError) -> String {
        guard scope == .global else { return "this host" }
        let node: CatalogEntry<NodeRecord>? = try await entry(CatalogKeys.node(endpoint.node))
        return node.map { "host \($0.record.hostname)" }
            ?? "node \(endpoint.node.short), which is gone and will be reaped, or at once by removing the node"
    }

    private func resolveAddresses(
        _ existing: [StoreKey: StoreEntry], for endpoint: EndpointRecord, _ attempt: inout AttachAttempt
    ) async throws(CatalogError) {
        for address in endpoint.addresses {
            guard let entry = existing[CatalogKeys.address(address, of: endpoint.network)],
                !attempt.choice.inherited.contains(address)
            else { continue }
            guard attempt.choice.chosen.contains(address) else {
                attempt.choice.taken.insert(address)
                attempt.choice.lostRaces += 1
                continue
            }
            try await resolveChosen(address, entry, on: endpoint.network, &attempt)
        }
        // One read shows what the others have got by now, and spares a transaction for each of them.
        if attempt.choice.isContended { attempt.choice.known = try await takenAddresses(of: endpoint.network) }
    }

    private func resolveChosen(
        _ address: IPAddress, _ entry: StoreEntry, on network: NetworkID, _ attempt: inout AttachAttempt
    ) async throws(CatalogError) {
        let taken = CatalogError(.addressTaken, "Address already in use: \(address)")
        guard case .endpoint(let holder) = try RecordCoding.decode(AddressRecord.self, from: entry) else { throw taken }
        guard let holding: CatalogEntry<EndpointRecord> = try await self.entry(CatalogKeys.endpoint(holder, of: network)) else { return }
        guard attempt.maySucceed(holding.record) else { throw taken }
        attempt.evict(holding)
    }
}
