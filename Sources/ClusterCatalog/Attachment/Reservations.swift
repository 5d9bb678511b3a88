public import ClusterStore
public import NetworkModel

extension ClusterCatalog {
    /// Reserves an address for an endpoint that this node is about to make: one transaction.
    ///
    /// Nobody else can have the address until the endpoint is attached, which takes the reservation over, or it is released, or the node's
    /// lease ends. A chosen address that this node has reserved already is reserved anew, so that a call may be repeated.
    ///
    /// - Parameters:
    ///   - chosen: nil for the lowest free address of the subnet, or of its sub-pool.
    ///   - subnet: one of the network's.
    ///   - network: as the caller knows it; a stale one costs another round.
    ///   - known: the taken addresses that the caller knows; nil to have them listed, which costs a read.
    ///   - preferred: tried first, in this order, as far as they are free and in the subnet.
    ///   - dead: endpoints of this node that the caller knows to be dead: they go in the same transaction, and an address of theirs is
    ///     kept when none is chosen.
    ///   - id: tells this reservation from others. A caller who chooses it can release what was reserved although the answer was lost
    ///     (an error whose ``CatalogError/storeCode`` is `outcomeUnknown`, or a cancelled call).
    /// - Throws: ``CatalogError`` as attaching does: ``CatalogError/Code/addressTaken``, ``CatalogError/Code/noAddress``,
    ///   ``CatalogError/Code/invalid`` for an address outside of the subnet, ``CatalogError/Code/networkNotFound``,
    ///   ``CatalogError/Code/networkRemoving``, ``CatalogError/Code/fenced``.
    public func reserveAddress(
        _ chosen: IPAddress? = nil, in subnet: SubnetRecord, of network: CatalogEntry<NetworkRecord>, as claim: NodeClaim,
        knowing known: AddressSet? = nil, preferring preferred: [IPAddress] = [], succeeding dead: [CatalogEntry<EndpointRecord>] = [],
        id: ReservationID? = nil
    ) async throws(CatalogError) -> ReservedAddress {
        let name = network.record.name
        guard network.record.subnets.contains(where: { $0.pool == subnet.pool }) else {
            throw CatalogError(.invalid, "network \(name) has no subnet \(subnet.pool)")
        }
        let listed: AddressSet? = if known == nil { try await takenAddresses(of: network.record.id) } else { nil }
        let choice = AddressChoice(
            network: network.record, pool: subnet.pool, chosen: chosen.map { [$0] } ?? [], preferred: preferred,
            known: known ?? listed ?? [])
        var generator = RandomnessGenerator(randomness)
        var attempt = ReserveAttempt(
            id ?? ReservationID(random: &generator), in: network, as: claim, choice: choice, succeeding: dead)
        var backoff = Backoff()
        do {
            while true {
                if let reserved = try await tryToReserve(&attempt) { return reserved }
                try await pause(&backoff, before: "reserve an address of network \(name)")
            }
        } catch {
            throw attempt.allocation.verdict(error)
        }
    }

    /// One round, or nil when it lost a race.
    private func tryToReserve(_ attempt: inout ReserveAttempt) async throws(CatalogError) -> ReservedAddress? {
        guard let address = try await nextAddress(&attempt) else { return nil }
        switch try await commit(try attempt.transaction(for: address), &attempt.allocation) {
        case .committed(let revision): return ReservedAddress(address, revision: revision)
        case .conflict(let existing): return try await resolve(existing, for: address, &attempt)
        case .unknown:
            attempt.uncertain = address
            return nil
        }
    }

    private func nextAddress(_ attempt: inout ReserveAttempt) async throws(CatalogError) -> IPAddress? {
        if let uncertain = attempt.uncertain { return uncertain }
        guard try await isOpen(&attempt.allocation) else { return nil }
        return try await nextAddresses(&attempt.allocation).first
    }

    private func resolve(
        _ existing: [StoreKey: StoreEntry], for address: IPAddress, _ attempt: inout ReserveAttempt
    ) async throws(CatalogError) -> ReservedAddress? {
        attempt.uncertain = nil
        let key = CatalogKeys.address(address, of: attempt.allocation.network.record.id)
        if let entry = existing[key], attempt.isOwn(entry) { return ReservedAddress(address, revision: entry.modified) }
        attempt.allocation.claim = try attempt.allocation.claim.renewed(from: existing)
        try attempt.allocation.follow(existing[CatalogKeys.network(attempt.allocation.network.record.id)])
        attempt.allocation.forgetEvicted()
        for endpoint in try await stillThere(attempt.dead) {
            try checkOwner(of: endpoint.record, attempt.allocation.claim)
            attempt.allocation.evict(endpoint)
        }
        try await resolve([address], existing, &attempt.allocation)
        return nil
    }

    /// Frees an address that this node reserved. One that an endpoint has taken meanwhile, or that is free, is left, and no error.
    ///
    /// - Parameter revision: what the reservation was told with. Without it, whatever reservation this node has of the address is freed,
    ///   which costs a read.
    public func releaseReservation(
        _ address: IPAddress, of network: NetworkID, as claim: NodeClaim, madeAt revision: StoreRevision? = nil
    ) async throws(CatalogError) {
        let key = CatalogKeys.address(address, of: network)
        if let revision { return try await free([.unchanged(key, since: revision)], "release address \(address)") }
        guard let entry = try await get(key), isReserved(entry, by: claim) else { return }
        try await free([.unchanged(key, since: entry.modified)], "release address \(address)")
    }

    /// Frees what one reservation holds, whichever address that is: for a caller who never got its answer. It costs a list of the
    /// network's addresses.
    public func releaseReservation(_ id: ReservationID, of network: NetworkID, as claim: NodeClaim) async throws(CatalogError) {
        let snapshot = try await list(CatalogKeys.addresses(of: network))
        for entry in snapshot.entries where isReserved(entry, by: claim, under: id) {
            try await free([.unchanged(entry.key, since: entry.modified)], "release reservation \(id.short)")
        }
    }

    private func isReserved(_ entry: StoreEntry, by claim: NodeClaim, under wanted: ReservationID? = nil) -> Bool {
        guard case .reserved(let node, let epoch, let id) = try? RecordCoding.decode(AddressRecord.self, from: entry) else { return false }
        return node == claim.node && epoch <= claim.epoch && (wanted ?? id) == id
    }

    /// Deletes the keys unless one of them has changed.
    private func free(_ compares: [StoreCompare], _ attempt: String) async throws(CatalogError) {
        var backoff = Backoff()
        // Deleting the same once more does no harm, since what is written anew has another revision.
        while case .unknown = try await commit(StoreTransaction(compares, then: compares.map { .delete($0.key) })) {
            try await pause(&backoff, before: attempt)
        }
    }
}
