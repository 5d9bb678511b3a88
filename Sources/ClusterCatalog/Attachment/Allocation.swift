import ClusterStore
import NetworkModel

/// What attaching and reserving have in common: the network, and how an address is come by.
extension ClusterCatalog {
    func takenAddresses(of network: NetworkID) async throws(CatalogError) -> AddressSet {
        let snapshot = try await list(CatalogKeys.addresses(of: network))
        return AddressSet(snapshot.entries.lazy.compactMap { try? IPAddress($0.key.lastSegment ?? "") })
    }

    /// Whether the network is there to be used, as far as is known; when it was marked, it is looked at again.
    func isOpen(_ attempt: inout AllocationAttempt) async throws(CatalogError) -> Bool {
        guard attempt.network.record.state == .removing else { return true }
        try attempt.follow(try await get(CatalogKeys.network(attempt.network.record.id)))
        return attempt.network.record.state == .active
    }

    /// The addresses to try; when what the caller knows leaves none, the store's own list decides.
    func nextAddresses(_ attempt: inout AllocationAttempt) async throws(CatalogError) -> [IPAddress] {
        do {
            return try attempt.choice.pick(randomness)
        } catch {
            guard error.code == .noAddress else { throw error }
            attempt.choice.known = try await takenAddresses(of: attempt.network.record.id)
            attempt.choice.taken = []
            return try attempt.choice.pick(randomness)
        }
    }

    /// Carries out a round's transaction. One whose answer was lost is outdated, so that the next round has the last word.
    func commit(_ transaction: StoreTransaction, _ attempt: inout AllocationAttempt) async throws(CatalogError) -> TransactionOutcome {
        let outcome: TransactionOutcome
        do throws(CatalogError) {
            outcome = try await commit(transaction)
        } catch {
            if error.storeCode == .outcomeUnknown { attempt.note(.unknown(StoreError(.outcomeUnknown, error.message))) }
            throw error
        }
        attempt.note(outcome)
        if case .unknown = outcome { attempt.claim = try await outdate(attempt.claim) }
        return outcome
    }

    /// Learns from a lost race which of the addresses were in the way.
    func resolve(
        _ addresses: [IPAddress], _ existing: [StoreKey: StoreEntry], _ attempt: inout AllocationAttempt
    ) async throws(CatalogError) {
        let network = attempt.network.record.id
        for address in addresses {
            guard let entry = existing[CatalogKeys.address(address, of: network)] else {
                attempt.choice.reservations[address] = nil
                continue
            }
            let isHeld = attempt.choice.inherited.contains(address) || attempt.choice.reservations[address] == entry.modified
            guard !isHeld else { continue }
            guard attempt.choice.chosen.contains(address) else {
                attempt.choice.taken.insert(address)
                attempt.choice.lostRaces += 1
                continue
            }
            try await resolveChosen(address, entry, &attempt)
        }
        // One read shows what the others have got by now, and spares a transaction for each of them.
        if attempt.choice.isContended { attempt.choice.known = try await takenAddresses(of: network) }
    }

    private func resolveChosen(
        _ address: IPAddress, _ entry: StoreEntry, _ attempt: inout AllocationAttempt
    ) async throws(CatalogError) {
        let taken = CatalogError(.addressTaken, "Address already in use: \(address)")
        attempt.choice.reservations[address] = nil
        switch try RecordCoding.decode(AddressRecord.self, from: entry) {
        case .gateway, .auxiliary: throw taken
        case .reserved(let node, let epoch, _):
            guard attempt.maySucceed(reservationOf: node, epoch) else { throw taken }
            attempt.choice.reservations[address] = entry.modified
        case .endpoint(let holder):
            let key = CatalogKeys.endpoint(holder, of: attempt.network.record.id)
            guard let holding: CatalogEntry<EndpointRecord> = try await self.entry(key) else { return }
            guard attempt.maySucceed(holding.record) else { throw taken }
            attempt.evict(holding)
        }
    }
}
