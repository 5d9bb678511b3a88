import Synchronization

/// A store in this process: the one implementation of keys, leases, history and watches, over a journal that may be a file.
///
/// Steps are taken in memory one after the other. What they wrote is made durable in groups: while one group is on its way to the
/// disk, the next gathers. A step is answered when everything that it saw is durable, so that no answer can be taken back by a crash.
package final class StoreEngine: RawStore {
    package let location: String
    package let identity: UInt64
    private let journal: any StoreJournal
    private let now: @Sendable () -> Duration
    private let sleep: @Sendable (Duration) async throws -> Void
    private let shared: Mutex<Shared>

    private struct Shared {
        var state: StoreState
        var watchers: WatcherBoard
        /// Steps that are taken and wait to be durable.
        var waiting: [TakenStep] = []
        var isWriting = false
        /// Why the journal cannot even be read any more.
        var failure: StoreError?
        /// Ends the sleep until the next lease expires.
        var alarm: AsyncStream<Never>.Continuation?
    }

    private struct TakenStep {
        let effects: StoreState.Effects
        /// Answers, with an error if what the step saw did not become durable.
        let finish: @Sendable (StoreError?) -> Void
    }

    package convenience init(location: String, identity: UInt64, clock: any Clock<Duration>) {
        self.init(location: location, identity: identity, clock: clock, journal: NoJournal(), stored: StoredState())
    }

    /// - Parameter stored: what the journal has.
    package init(location: String, identity: UInt64, clock: any Clock<Duration>, journal: any StoreJournal, stored: StoredState) {
        self.location = location
        self.identity = identity
        self.journal = journal
        now = Self.stopwatch(clock)
        sleep = { try await clock.sleep(for: $0) }
        shared = Mutex(
            Shared(state: StoreState(stored, location: location, now: now()), watchers: WatcherBoard(after: stored.revision)))
    }

    /// The time since now.
    private static func stopwatch<C: Clock>(_ clock: C) -> @Sendable () -> Duration where C.Duration == Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }

    // MARK: Steps

    private typealias Work<Answer> = @Sendable (inout StoreState, Duration, inout StoreState.Effects) throws(StoreError) -> Answer

    /// Takes a step and waits until it is durable.
    private func step<Answer: Sendable>(_ work: @escaping Work<Answer>) async throws(StoreError) -> Answer {
        let result: Result<Answer, StoreError> = await withCheckedContinuation { continuation in
            let mustWrite = shared.withLock { shared in
                take(work, &shared) { continuation.resume(returning: $0) }
            }
            if mustWrite { journal.schedule { self.write() } }
        }
        return try result.get()
    }

    /// - Returns: whether the caller has to see to it that the journal is written.
    private func take<Answer: Sendable>(
        _ work: Work<Answer>, _ shared: inout Shared, _ finish: @escaping @Sendable (Result<Answer, StoreError>) -> Void
    ) -> Bool {
        if let failure = shared.failure {
            finish(.failure(failure))
            return false
        }
        let now = now()
        var effects = StoreState.Effects()
        shared.state.expire(now: now, &effects)
        let result = Result { () throws(StoreError) in try work(&shared.state, now, &effects) }
        guard shared.isWriting || !effects.entries.isEmpty else {
            finish(result)
            return false
        }
        shared.waiting.append(TakenStep(effects: effects) { error in finish(error.map { .failure($0) } ?? result) })
        defer { shared.isWriting = true }
        return !shared.isWriting
    }

    /// Makes waiting steps durable, group by group, until none is left.
    private func write() {
        while let group = nextGroup() {
            do throws(StoreError) {
                let entries = group.flatMap(\.effects.entries)
                if !entries.isEmpty { try journal.write(entries) }
                shared.withLock { shared in
                    for step in group { shared.watchers.publish(step.effects.changes) }
                }
                for step in group { step.finish(nil) }
            } catch {
                fail(group, error)
            }
        }
    }

    private func nextGroup() -> [TakenStep]? {
        shared.withLock { shared in
            let group = shared.waiting
            shared.waiting = []
            shared.isWriting = !group.isEmpty
            return group.isEmpty ? nil : group
        }
    }

    /// Goes back to what is durable. Steps that were taken meanwhile saw what is not, and fail too.
    private func fail(_ group: [TakenStep], _ error: StoreError) {
        let stored = Result { () throws(StoreError) in try journal.load() }
        let later = shared.withLock { shared in
            switch stored {
            case .success(let stored):
                shared.state = StoreState(stored, location: location, now: now())
                // If the write is durable after all, nobody has been told: every watch lists again.
                if stored.revision != shared.watchers.published { shared.watchers.restart(after: stored.revision) }
            case .failure(let failure): shared.failure = failure
            }
            defer { shared.waiting = [] }
            return shared.waiting
        }
        for step in group + later { step.finish(error) }
        wakeExpiry()
    }

    /// How many steps wait to be durable: for tests that hold the journal up.
    var waitingSteps: Int { shared.withLock { $0.waiting.count } }

    // MARK: Keys

    package func perform(_ transaction: RawTransaction) async throws(StoreError) -> RawOutcome {
        try await step { state, _, effects throws(StoreError) in try state.perform(transaction, &effects) }
    }

    package func currentRevision() async throws(StoreError) -> StoreRevision {
        try await step { state, _, _ in state.keyspace.revision }
    }

    // MARK: Watches

    package func watch(_ range: KeyRange, from start: StoreRevision?) -> RawWatch {
        let (id, wakes) = shared.withLock { $0.watchers.add(range, from: start) }
        let registration = Registration { [weak self] in self?.shared.withLock { $0.watchers.remove(id) } }
        return RawWatch { [self] in
            withExtendedLifetime(registration) {}
            while !Task.isCancelled {
                if let event = shared.withLock({ $0.watchers.take(id, from: $0.state.history) }) { return event }
                var iterator = wakes.makeAsyncIterator()
                guard await iterator.next() != nil else { return nil }
            }
            return nil
        }
    }

    /// Ends a watch when nobody can read it any more.
    private final class Registration: Sendable {
        private let end: @Sendable () -> Void

        init(_ end: @escaping @Sendable () -> Void) {
            self.end = end
        }

        deinit { end() }
    }

    package func compact(through revision: StoreRevision?) async throws(StoreError) -> RawCompaction {
        // What was written before the call may still be on its way to the watches.
        _ = try await currentRevision()
        return shared.withLock { shared in
            let revision = revision ?? shared.watchers.published
            guard revision >= shared.state.history.compacted else { return .forgottenBefore }
            guard revision <= shared.watchers.published else { return .future }
            shared.state.compact(through: revision)
            shared.watchers.forget(through: revision)
            return .done
        }
    }

    // MARK: Leases

    package func grantRawLease(_ id: Int64?, seconds: Int64) async throws(StoreError) -> RawLease {
        defer { wakeExpiry() }
        return try await step { state, now, effects throws(StoreError) in
            try state.grant(id, seconds: seconds, now: now, &effects)
        }
    }

    package func renewRawLease(_ id: Int64) async throws(StoreError) -> RawLease {
        try await step { state, now, _ throws(StoreError) in try state.renew(id, now: now) }
    }

    package func revokeRawLease(_ id: Int64) async throws(StoreError) {
        try await step { state, _, effects throws(StoreError) in try state.revoke(id, &effects) }
    }

    package func rawLease(_ id: Int64) async throws(StoreError) -> RawLease? {
        try await step { state, now, _ in state.leases.lease(id, now: now) }
    }

    /// Ends leases when their time has passed, until cancelled. (Each step does so too, but a watch is no step.)
    /// - Throws: why the store has come to its end: its journal can no longer be read.
    package func run() async throws {
        while !Task.isCancelled {
            let (alarm, ring) = AsyncStream<Never>.makeStream()
            shared.withLock { $0.alarm = ring }
            let (deadline, now) = try await step { state, now, _ in (state.leases.nextDeadline, now) }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in alarm {} }
                if let deadline { group.addTask { try? await self.sleep(deadline - now) } }
                await group.next()
                group.cancelAll()
            }
        }
    }

    /// The next deadline may be an earlier one, or the store has come to its end.
    private func wakeExpiry() {
        shared.withLock { $0.alarm.take() }?.finish()
    }
}
