import ClusterStore
import Synchronization

/// A store that keeps the transactions that went through it.
final class RecordingStore: ClusterStore {
    private let base: any ClusterStore
    private let kept = Mutex<[StoreTransaction]>([])

    init(_ base: any ClusterStore) {
        self.base = base
    }

    var location: String { base.location }

    /// What has gone through since the last time.
    func take() -> [StoreTransaction] {
        kept.withLock { kept in
            defer { kept = [] }
            return kept
        }
    }

    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> CommitOutcome {
        kept.withLock { $0.append(transaction) }
        return try await base.commit(transaction)
    }

    func get(_ key: StoreKey) async throws(StoreError) -> StoreEntry? { try await base.get(key) }
    func list(_ prefixes: [StoreKey]) async throws(StoreError) -> StoreSnapshot { try await base.list(prefixes) }
    func watch(_ prefix: StoreKey) -> StoreWatch { base.watch(prefix) }
    func grantLease(lasting ttl: Duration) async throws(StoreError) -> LeaseID { try await base.grantLease(lasting: ttl) }
    func renew(_ lease: LeaseID) async throws(StoreError) { try await base.renew(lease) }
    func revoke(_ lease: LeaseID) async throws(StoreError) { try await base.revoke(lease) }
}
