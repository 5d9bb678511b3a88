import ClusterStore
import NetworkModel
import Synchronization

/// A store whose connection fails, from a seed or at a given operation.
///
/// A failed write is either not carried out (`unavailable`, or `outcomeUnknown` before the commit) or carried out with its answer lost
/// (`outcomeUnknown` after the commit).
final class FaultyStore: ClusterStore {
    enum Plan: Sendable {
        /// One operation in so many fails, at random.
        case oneIn(UInt64, any Randomness)
        /// So many operations succeed, and none after them: the process is as good as dead.
        case dieAfter(Int)
    }

    private enum Fate {
        case succeed
        case fail
        case loseAnswer
    }

    private let base: any ClusterStore
    private let plan: Plan
    private let operations = Mutex(0)

    init(_ base: any ClusterStore, _ plan: Plan) {
        self.base = base
        self.plan = plan
    }

    var location: String { base.location }

    private func next() -> Fate {
        let done = operations.withLock { count in
            count += 1
            return count
        }
        switch plan {
        case .oneIn(let rarity, let randomness):
            guard randomness.next() % rarity == 0 else { return .succeed }
            return randomness.next() % 2 == 0 ? .fail : .loseAnswer
        case .dieAfter(let last):
            return done <= last ? .succeed : .fail
        }
    }

    private func read() throws(StoreError) {
        guard next() == .succeed else { throw StoreError(.unavailable, "\(location) did not answer") }
    }

    func get(_ key: StoreKey) async throws(StoreError) -> StoreEntry? {
        try read()
        return try await base.get(key)
    }

    func list(_ prefixes: [StoreKey]) async throws(StoreError) -> StoreSnapshot {
        try read()
        return try await base.list(prefixes)
    }

    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> CommitOutcome {
        switch next() {
        case .succeed: return try await base.commit(transaction)
        case .fail: throw StoreError(.unavailable, "\(location) did not answer")
        case .loseAnswer:
            _ = try await base.commit(transaction)
            throw StoreError(.outcomeUnknown, "\(location) did not answer in time")
        }
    }

    func watch(_ prefix: StoreKey) -> StoreWatch { base.watch(prefix) }

    func grantLease(lasting ttl: Duration) async throws(StoreError) -> LeaseID {
        try read()
        return try await base.grantLease(lasting: ttl)
    }

    func renew(_ lease: LeaseID) async throws(StoreError) {
        try read()
        try await base.renew(lease)
    }

    func revoke(_ lease: LeaseID) async throws(StoreError) {
        try read()
        try await base.revoke(lease)
    }
}
