import ClusterStore
import NetworkModel

/// How a transaction ended. ``unknown`` means that the answer was lost: read before deciding.
enum TransactionOutcome {
    case committed(StoreRevision)
    case conflict([StoreKey: StoreEntry])
    case unknown(StoreError)
}

/// The store's operations with the catalog's errors.
extension ClusterCatalog {
    func get(_ key: StoreKey) async throws(CatalogError) -> StoreEntry? {
        do {
            return try await store.get(key)
        } catch {
            throw CatalogError(error)
        }
    }

    func list(_ prefixes: StoreKey...) async throws(CatalogError) -> StoreSnapshot {
        try await list(prefixes)
    }

    func list(_ prefixes: [StoreKey]) async throws(CatalogError) -> StoreSnapshot {
        do {
            return try await store.list(prefixes)
        } catch {
            throw CatalogError(error)
        }
    }

    func entry<Record>(_ key: StoreKey) async throws(CatalogError) -> CatalogEntry<Record>? {
        guard let entry = try await get(key) else { return nil }
        return try CatalogEntry(entry)
    }

    func entries<Record>(_ prefix: StoreKey) async throws(CatalogError) -> [CatalogEntry<Record>] {
        let snapshot = try await list(prefix)
        var result: [CatalogEntry<Record>] = []
        result.reserveCapacity(snapshot.entries.count)
        for entry in snapshot.entries { result.append(try CatalogEntry(entry)) }
        return result
    }

    func commit(_ transaction: StoreTransaction) async throws(CatalogError) -> TransactionOutcome {
        do {
            switch try await store.commit(transaction) {
            case .committed(let revision): return .committed(revision)
            case .conflict(let existing): return .conflict(existing)
            }
        } catch {
            guard error.code == .outcomeUnknown else { throw CatalogError(error) }
            try await expectAnswer(after: error)
            return .unknown(error)
        }
    }

    /// What became of a write can be found out only from a store that answers: one that does not is not asked time after time.
    private func expectAnswer(after lost: StoreError) async throws(CatalogError) {
        do {
            _ = try await store.get(CatalogKeys.format)
        } catch {
            throw CatalogError(lost)
        }
    }

    /// Waits before a lost race is decided anew.
    /// - Throws: ``CatalogError/Code/contention`` at the bound, naming what was tried.
    func pause(_ backoff: inout Backoff, before attempt: @autoclosure () -> String) async throws(CatalogError) {
        lostRaces.add()
        guard let delay = backoff.next(randomness) else {
            throw CatalogError(.contention, "could not \(attempt()): others were faster \(Backoff.maximumRounds) times; try again")
        }
        do {
            try await clock.sleep(for: delay)
        } catch {
            throw CatalogError(.contention, "could not \(attempt()): cancelled while waiting for others")
        }
    }
}
