import ClusterStore
import NetworkModel
import TestSupport

/// A client's connection to a store in this process: answers take time, get lost, or do not come, and a write whose client has given up may
/// still be carried out later.
final class SimulatedLink: ClusterStore {
    private enum Fate {
        case succeed
        case fail
        case loseAnswer
        /// The write waits somewhere, and is carried out when nobody expects it any more.
        case comeLate
    }

    private let base: InMemoryStore
    private let clock: ManualClock
    private let randomness: SeededRandomness
    private let executor: SeededExecutor
    private let writesComeLate: Bool

    init(_ base: InMemoryStore, clock: ManualClock, seed: UInt64, executor: SeededExecutor, writesComeLate: Bool) {
        self.base = base
        self.clock = clock
        self.executor = executor
        self.writesComeLate = writesComeLate
        randomness = SeededRandomness(seed: seed)
    }

    var location: String { base.location }

    private func fate() -> Fate {
        switch randomness.next() % 60 {
        case 0: .fail
        case 1: .loseAnswer
        case 2: writesComeLate ? .comeLate : .fail
        default: .succeed
        }
    }

    private func travel() async {
        try? await clock.sleep(for: .microseconds(Int64(randomness.next() % 3000)))
    }

    private func read<Value: Sendable>(_ body: () async throws(StoreError) -> Value) async throws(StoreError) -> Value {
        await travel()
        guard case .succeed = fate() else { throw StoreError(.unavailable, "\(location) did not answer") }
        let value = try await body()
        await travel()
        return value
    }

    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> CommitOutcome {
        await travel()
        let lost = StoreError(.outcomeUnknown, "\(location) did not answer in time")
        switch fate() {
        case .fail: throw StoreError(.unavailable, "\(location) did not answer")
        case .succeed: break
        case .loseAnswer:
            _ = try await base.commit(transaction)
            await travel()
            throw lost
        case .comeLate:
            carryOutLater(transaction)
            throw lost
        }
        let outcome = try await base.commit(transaction)
        await travel()
        return outcome
    }

    private func carryOutLater(_ transaction: StoreTransaction) {
        let (base, clock, delay) = (base, clock, Duration.milliseconds(Int64(randomness.next() % 3000)))
        Task(executorPreference: executor) {
            try await clock.sleep(for: delay)
            _ = try await base.commit(transaction)
        }
    }

    func get(_ key: StoreKey) async throws(StoreError) -> StoreEntry? {
        try await read { () throws(StoreError) in try await base.get(key) }
    }

    func list(_ prefixes: [StoreKey]) async throws(StoreError) -> StoreSnapshot {
        try await read { () throws(StoreError) in try await base.list(prefixes) }
    }

    func watch(_ prefix: StoreKey) -> StoreWatch { base.watch(prefix) }

    func grantLease(lasting ttl: Duration) async throws(StoreError) -> LeaseID {
        try await read { () throws(StoreError) in try await base.grantLease(lasting: ttl) }
    }

    func renew(_ lease: LeaseID) async throws(StoreError) {
        try await read { () throws(StoreError) in try await base.renew(lease) }
    }

    func revoke(_ lease: LeaseID) async throws(StoreError) {
        try await read { () throws(StoreError) in try await base.revoke(lease) }
    }
}
