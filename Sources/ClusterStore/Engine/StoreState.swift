/// What a store holds at one moment: keys, leases, and what has changed lately. Each step changes it as a whole or not at all, and tells what changed.
struct StoreState: Sendable {
    /// What a step did, besides its answer.
    struct Effects: Sendable {
        var changes: [RawChange] = []
        var entries: [JournalEntry] = []
    }

    private(set) var keyspace: Keyspace
    private(set) var leases: LeaseBook
    private(set) var history: ChangeHistory
    private let rules: TransactionRules

    init(_ stored: StoredState, location: String, now: Duration) {
        keyspace = Keyspace(revision: stored.revision, records: stored.records)
        leases = LeaseBook(lastID: stored.lastLease)
        history = ChangeHistory(after: stored.revision)
        rules = TransactionRules(location: location)
        // Nobody knows how long the store was away: each lease gets its whole time again.
        for (id, seconds) in stored.leases { leases.add(id, seconds: seconds, now: now) }
        for record in stored.records { leases.hold(record.key, by: record.lease, insteadOf: nil) }
    }

    mutating func perform(_ transaction: RawTransaction, _ effects: inout Effects) throws(StoreError) -> RawOutcome {
        try rules.check(transaction)
        let succeeded = transaction.compares.allSatisfy(keyspace.holds)
        let steps = succeeded ? transaction.success : transaction.failure
        for case .put(_, _, let lease?) in steps where !leases.contains(lease) { throw missing(lease) }
        for case .read(_, _, let revision?) in steps { try checkIsKnown(revision) }
        let results = write(steps, &effects)
        return RawOutcome(succeeded: succeeded, revision: keyspace.revision, results: zip(steps, results).map(past))
    }

    private func checkIsKnown(_ revision: StoreRevision) throws(StoreError) {
        guard revision <= keyspace.revision, revision >= history.compacted else {
            throw StoreError(
                .rejected, "\(rules.location) knows the revisions \(history.compacted) to \(keyspace.revision), and not \(revision)")
        }
    }

    /// The result of a read of a past revision, from the present one's.
    private func past(_ step: RawOperation, _ result: RawResult) -> RawResult {
        guard case .read(let range, let limit, let revision?) = step else { return result }
        let records = history.undo(to: revision, in: range, from: keyspace.records(in: range, limit: 0).records)
        return .read(limit > 0 ? Array(records.prefix(limit)) : records, count: records.count)
    }

    /// Forgets the changes up to a revision.
    mutating func compact(through revision: StoreRevision) {
        history.compact(through: revision)
    }

    private mutating func write(_ steps: [RawOperation], _ effects: inout Effects) -> [RawResult] {
        let (results, changes) = keyspace.perform(steps)
        for (step, result) in zip(steps, results) {
            switch (step, result) {
            case (.put(let key, _, let lease), .put(let previous)): leases.hold(key, by: lease, insteadOf: previous?.lease)
            case (_, .deleted(let records)): for record in records { leases.hold(record.key, by: nil, insteadOf: record.lease) }
            default: break
            }
        }
        guard !changes.isEmpty else { return results }
        history.record(changes, at: keyspace.revision)
        effects.changes += changes.map(\.change)
        effects.entries += changes.map { JournalEntry($0.change) } + [.revision(keyspace.revision)]
        return results
    }

    // MARK: Leases

    mutating func grant(_ id: Int64?, seconds: Int64, now: Duration, _ effects: inout Effects) throws(StoreError) -> RawLease {
        guard seconds > 0, seconds <= Self.longestLease else {
            throw StoreError(.rejected, "\(rules.location) grants leases of 1 to \(Self.longestLease) seconds, and not of \(seconds)")
        }
        if let id, id <= 0 || leases.contains(id) {
            throw StoreError(.rejected, "\(rules.location) has a lease \(id) already")
        }
        let id = id ?? leases.nextID()
        leases.add(id, seconds: seconds, now: now)
        effects.entries += [.grant(id, seconds: seconds), .lastLease(leases.lastID)]
        return RawLease(id: id, seconds: seconds, remaining: seconds)
    }

    /// etcd's bound, in seconds.
    private static let longestLease: Int64 = 9_000_000_000

    mutating func renew(_ id: Int64, now: Duration) throws(StoreError) -> RawLease {
        leases.renew(id, now: now)
        guard let lease = leases.lease(id, now: now) else { throw missing(id) }
        return lease
    }

    mutating func revoke(_ id: Int64, _ effects: inout Effects) throws(StoreError) {
        guard leases.contains(id) else { throw missing(id) }
        let keys = leases.remove(id)
        _ = write(keys.map { .delete(KeyRange($0)) }, &effects)
        effects.entries.append(.endLease(id))
    }

    /// Ends the leases whose time has passed: one revision each.
    mutating func expire(now: Duration, _ effects: inout Effects) {
        for id in leases.expired(now: now) { try? revoke(id, &effects) }
    }

    private func missing(_ lease: Int64) -> StoreError {
        .leaseNotFound(String(lease), at: rules.location)
    }
}
