/// A ``ClusterStore`` that is a root in a ``RawStore`` of this process: what both have in common is done here.
public protocol RootedStore: ClusterStore {
    /// The same store below all roots: what is served to others.
    var served: any RawStore { get }
    var root: StoreRoot { get }
    /// Measures the pause of a watch whose store does not answer.
    var clock: any Clock<Duration> { get }
}

extension RootedStore {
    public func get(_ key: StoreKey) async throws(StoreError) -> StoreEntry? {
        let outcome = try await served.perform(RawTransaction(then: [.read(KeyRange(root.rawKey(key)))]))
        return outcome.records.first.map(root.entry)
    }

    public func list(_ prefixes: [StoreKey]) async throws(StoreError) -> StoreSnapshot {
        let outcome = try await served.perform(RawTransaction(then: prefixes.map { .read(root.range(below: $0)) }))
        var records = outcome.records
        if prefixes.count > 1 { records = Set(records).sorted { $0.key < $1.key } }
        return StoreSnapshot(revision: outcome.revision, entries: records.map(root.entry))
    }

    public func commit(_ transaction: StoreTransaction) async throws(StoreError) -> CommitOutcome {
        let outcome = try await served.perform(try raw(transaction))
        guard !outcome.succeeded else { return .committed(outcome.revision) }
        let existing = outcome.records.map(root.entry)
        return .conflict(Dictionary(existing.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first }))
    }

    public func watch(_ prefix: StoreKey) -> StoreWatch {
        let session = RootedWatch(of: self, below: prefix)
        return StoreWatch(AsyncStream { await session.next() })
    }

    public func grantLease(lasting ttl: Duration) async throws(StoreError) -> LeaseID {
        let (seconds, rest) = ttl.components
        return LeaseID(String(try await served.grantRawLease(nil, seconds: rest > 0 ? seconds + 1 : seconds).id))
    }

    public func renew(_ lease: LeaseID) async throws(StoreError) {
        _ = try await served.renewRawLease(try number(of: lease))
    }

    public func revoke(_ lease: LeaseID) async throws(StoreError) {
        do throws(StoreError) {
            try await served.revokeRawLease(try number(of: lease))
        } catch {
            guard error.code == .leaseNotFound else { throw error }
        }
    }

    private func number(of lease: LeaseID) throws(StoreError) -> Int64 {
        guard let number = Int64(lease.rawValue), number > 0 else { throw .leaseNotFound(lease.rawValue, at: location) }
        return number
    }

    // MARK: Transactions

    private func raw(_ transaction: StoreTransaction) throws(StoreError) -> RawTransaction {
        var steps: [RawOperation] = []
        steps.reserveCapacity(transaction.operations.count)
        for operation in transaction.operations { steps.append(try raw(operation)) }
        return RawTransaction(
            transaction.compares.map(raw), then: steps,
            otherwise: transaction.compares.map { .read(KeyRange(root.rawKey($0.key))) })
    }

    private func raw(_ operation: StoreOperation) throws(StoreError) -> RawOperation {
        switch operation {
        case .put(let key, let value, let lease):
            .put(root.rawKey(key), value, lease: try lease.map { lease throws(StoreError) in try number(of: lease) })
        case .delete(let key): .delete(KeyRange(root.rawKey(key)))
        case .deleteChildren(let prefix): .delete(root.range(below: prefix.children))
        }
    }

    private func raw(_ compare: StoreCompare) -> RawCompare {
        switch compare {
        case .absent(let key): RawCompare(root.rawKey(key), .created(.zero))
        case .present(let key): RawCompare(root.rawKey(key), .created(.zero), .notEqual)
        case .unchanged(let key, let revision): RawCompare(root.rawKey(key), .modified(revision))
        }
    }
}

extension RawOutcome {
    /// All that was read.
    fileprivate var records: [RawRecord] {
        results.flatMap { result -> [RawRecord] in
            guard case .read(let records, _) = result else { return [] }
            return records
        }
    }
}

extension StoreError {
    static func leaseNotFound(_ lease: String, at location: String) -> StoreError {
        StoreError(.leaseNotFound, "\(location) has no lease \(lease): it has expired or never was")
    }
}
