import ClusterStore
import Synchronization

/// A store whose watches tell what a test says besides or instead of what is so, and that lets a test do something at the worst moment. A fake.
final class LyingStore: ClusterStore {
    private let base: any ClusterStore
    private let hook = Mutex<@Sendable () async -> Void>({})
    private let held = Mutex<Set<StoreKey>>([])
    private let watches = Mutex<[(prefix: StoreKey, events: AsyncStream<WatchEvent>.Continuation)]>([])

    init(_ base: any ClusterStore) {
        self.base = base
    }

    var location: String { base.location }

    /// Tells the watches of a prefix.
    func tell(_ event: WatchEvent, of prefix: StoreKey) {
        for watch in watches.withLock({ $0 }) where watch.prefix == prefix { watch.events.yield(event) }
    }

    /// From now on the watches of a prefix are told nothing but what a test says.
    func holdBack(_ prefix: StoreKey) { held.withLock { _ = $0.insert(prefix) } }

    /// Does something before each transaction.
    func beforeCommits(_ body: @escaping @Sendable () async -> Void) { hook.withLock { $0 = body } }

    func get(_ key: StoreKey) async throws(StoreError) -> StoreEntry? { try await base.get(key) }
    func list(_ prefixes: [StoreKey]) async throws(StoreError) -> StoreSnapshot { try await base.list(prefixes) }
    func grantLease(lasting ttl: Duration) async throws(StoreError) -> LeaseID { try await base.grantLease(lasting: ttl) }
    func renew(_ lease: LeaseID) async throws(StoreError) { try await base.renew(lease) }
    func revoke(_ lease: LeaseID) async throws(StoreError) { try await base.revoke(lease) }

    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> CommitOutcome {
        let hook = hook.withLock { $0 }
        await hook()
        return try await base.commit(transaction)
    }

    func watch(_ prefix: StoreKey) -> StoreWatch {
        let (stream, events) = AsyncStream<WatchEvent>.makeStream()
        watches.withLock { $0.append((prefix, events)) }
        let follower = Task {
            for await event in base.watch(prefix) where !held.withLock({ $0.contains(prefix) }) { events.yield(event) }
        }
        events.onTermination = { _ in follower.cancel() }
        return StoreWatch(stream)
    }
}
