import ClusterStore
import Synchronization

/// A store that counts the watches that somebody reads.
final class WatchCounter: RawStore {
    private let base: any RawStore
    private let count = Counter()

    private final class Counter: Sendable {
        let value = Atomic(0)
    }

    /// Counts for as long as it lives.
    private final class Token: Sendable {
        private let counter: Counter

        init(_ counter: Counter) {
            self.counter = counter
            counter.value.add(1, ordering: .sequentiallyConsistent)
        }

        deinit { counter.value.subtract(1, ordering: .sequentiallyConsistent) }
    }

    init(_ base: any RawStore) {
        self.base = base
    }

    var watches: Int { count.value.load(ordering: .sequentiallyConsistent) }

    func watch(_ range: KeyRange, from start: StoreRevision?) -> RawWatch {
        let token = Token(count)
        let watch = base.watch(range, from: start)
        return RawWatch {
            withExtendedLifetime(token) {}
            return await watch.next()
        }
    }

    var location: String { base.location }
    var identity: UInt64 { base.identity }

    func perform(_ transaction: RawTransaction) async throws(StoreError) -> RawOutcome { try await base.perform(transaction) }
    func grantRawLease(_ id: Int64?, seconds: Int64) async throws(StoreError) -> RawLease {
        try await base.grantRawLease(id, seconds: seconds)
    }
    func renewRawLease(_ id: Int64) async throws(StoreError) -> RawLease { try await base.renewRawLease(id) }
    func revokeRawLease(_ id: Int64) async throws(StoreError) { try await base.revokeRawLease(id) }
    func rawLease(_ id: Int64) async throws(StoreError) -> RawLease? { try await base.rawLease(id) }
    func compact(through revision: StoreRevision?) async throws(StoreError) -> RawCompaction { try await base.compact(through: revision) }
    func currentRevision() async throws(StoreError) -> StoreRevision { try await base.currentRevision() }
}
