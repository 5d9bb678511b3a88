import ClusterStore
import NetworkModel
import Synchronization

/// A store that can be away for a while: it answers nothing then, and its watches are interrupted and start over afterwards. A fake.
final class AwayStore: ClusterStore {
    private struct State {
        var isAway = false
        /// How many transactions are still carried out with their answers lost, before the store is away.
        var answersToLose = 0
        var waiting: [AsyncStream<Never>.Continuation] = []
    }

    private let base: any ClusterStore
    private let state = Mutex(State())
    private let commitCount = Mutex(0)

    init(_ base: any ClusterStore) {
        self.base = base
    }

    var location: String { "etcd://192.0.2.9:2379/skein" }
    var isAway: Bool { state.withLock { $0.isAway } }
    /// How many transactions were carried out.
    var commits: Int { commitCount.withLock { $0 } }

    func leave() { turn(away: true) }

    /// The next transaction is carried out, its answer is lost, and the store is away.
    func leaveInTheMiddle() { state.withLock { $0.answersToLose = 1 } }

    func comeBack() { turn(away: false) }

    private func turn(away: Bool) {
        let waiting = state.withLock { state in
            state.isAway = away
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one.finish() }
    }

    private func turned(from away: Bool) -> AsyncStream<Never> {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        state.withLock { state in
            if state.isAway == away { state.waiting.append(continuation) } else { continuation.finish() }
        }
        return stream
    }

    private var absence: StoreError { StoreError(.unavailable, "no answer from 192.0.2.9:2379: connection refused") }

    private func check() throws(StoreError) {
        guard !isAway else { throw absence }
    }

    func get(_ key: StoreKey) async throws(StoreError) -> StoreEntry? {
        try check()
        return try await base.get(key)
    }

    func list(_ prefixes: [StoreKey]) async throws(StoreError) -> StoreSnapshot {
        try check()
        return try await base.list(prefixes)
    }

    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> CommitOutcome {
        try check()
        commitCount.withLock { $0 += 1 }
        let outcome = try await base.commit(transaction)
        guard state.withLock({ $0.answersToLose > 0 }) else { return outcome }
        state.withLock { $0.answersToLose = 0 }
        leave()
        throw StoreError(.outcomeUnknown, "the answer of 192.0.2.9:2379 was lost")
    }

    func grantLease(lasting ttl: Duration) async throws(StoreError) -> LeaseID {
        try check()
        return try await base.grantLease(lasting: ttl)
    }

    func renew(_ lease: LeaseID) async throws(StoreError) {
        try check()
        try await base.renew(lease)
    }

    func revoke(_ lease: LeaseID) async throws(StoreError) {
        try check()
        try await base.revoke(lease)
    }

    func watch(_ prefix: StoreKey) -> StoreWatch {
        let (stream, events) = AsyncStream<WatchEvent>.makeStream()
        let follower = Task {
            if isAway { events.yield(.interrupted(absence)) }
            while !Task.isCancelled {
                for await _ in turned(from: true) {}
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { for await event in self.base.watch(prefix) { events.yield(event) } }
                    group.addTask { for await _ in self.turned(from: false) {} }
                    await group.next()
                    group.cancelAll()
                }
                events.yield(.interrupted(absence))
            }
        }
        events.onTermination = { _ in follower.cancel() }
        return StoreWatch(stream)
    }
}
