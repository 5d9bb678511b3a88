import ClusterStore
import Synchronization

/// One client's way to the store, which remembers whether the answer of a write was lost on it.
final class WatchedLink: ClusterStore {
    private let base: any ClusterStore
    private let hasLost = Atomic(false)

    init(_ base: any ClusterStore) {
        self.base = base
    }

    var location: String { base.location }
    var hasLostAnswer: Bool { hasLost.load(ordering: .relaxed) }

    /// Begins anew.
    func begin() {
        hasLost.store(false, ordering: .relaxed)
    }

    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> CommitOutcome {
        do {
            return try await base.commit(transaction)
        } catch {
            if error.code == .outcomeUnknown { hasLost.store(true, ordering: .relaxed) }
            throw error
        }
    }

    func get(_ key: StoreKey) async throws(StoreError) -> StoreEntry? { try await base.get(key) }
    func list(_ prefixes: [StoreKey]) async throws(StoreError) -> StoreSnapshot { try await base.list(prefixes) }
    func watch(_ prefix: StoreKey) -> StoreWatch { base.watch(prefix) }
    func grantLease(lasting ttl: Duration) async throws(StoreError) -> LeaseID { try await base.grantLease(lasting: ttl) }
    func renew(_ lease: LeaseID) async throws(StoreError) { try await base.renew(lease) }
    func revoke(_ lease: LeaseID) async throws(StoreError) { try await base.revoke(lease) }
}
