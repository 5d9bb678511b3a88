import ClusterStore
import Synchronization

/// A store that counts what is asked of it.
final class CountingStore: ClusterStore {
    struct Counts: Equatable {
        var transactions = 0
        var reads = 0
        /// The most compares and writes that one transaction had.
        var largest = 0
    }

    private let base: any ClusterStore
    private let state = Mutex(Counts())

    init(_ base: any ClusterStore) {
        self.base = base
    }

    var location: String { base.location }

    /// What was asked for during an operation.
    func counting(_ operation: () async throws -> Void) async rethrows -> Counts {
        state.withLock { $0 = Counts() }
        try await operation()
        return state.withLock { $0 }
    }

    func get(_ key: StoreKey) async throws(StoreError) -> StoreEntry? {
        state.withLock { $0.reads += 1 }
        return try await base.get(key)
    }

    func list(_ prefixes: [StoreKey]) async throws(StoreError) -> StoreSnapshot {
        state.withLock { $0.reads += 1 }
        return try await base.list(prefixes)
    }

    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> CommitOutcome {
        state.withLock {
            $0.transactions += 1
            $0.largest = max($0.largest, transaction.compares.count + transaction.operations.count)
        }
        return try await base.commit(transaction)
    }

    func watch(_ prefix: StoreKey) -> StoreWatch { base.watch(prefix) }
    func grantLease(lasting ttl: Duration) async throws(StoreError) -> LeaseID { try await base.grantLease(lasting: ttl) }
    func renew(_ lease: LeaseID) async throws(StoreError) { try await base.renew(lease) }
    func revoke(_ lease: LeaseID) async throws(StoreError) { try await base.revoke(lease) }
}
