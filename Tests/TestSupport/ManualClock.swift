import Synchronization

/// A clock that stands still until a test moves it on.
public final class ManualClock: Clock {
    /// A point in the clock's time, counted from its start.
    public struct Instant: InstantProtocol {
        let sinceStart: Duration

        public func advanced(by duration: Duration) -> Instant { Instant(sinceStart: sinceStart + duration) }
        public func duration(to other: Instant) -> Duration { other.sinceStart - sinceStart }
        public static func < (left: Instant, right: Instant) -> Bool { left.sinceStart < right.sinceStart }
    }

    private struct State {
        var now = Instant(sinceStart: .zero)
        var readings = 0
        var sleepers: [Int: (until: Instant, wake: CheckedContinuation<Void, any Error>)] = [:]
        var lastSleeper = 0

        /// - Returns: who is due, in the order of their times, and of their going to sleep.
        mutating func advance(to instant: Instant) -> [CheckedContinuation<Void, any Error>] {
            now = instant
            let due = sleepers.filter { $0.value.until <= instant }.sorted { ($0.value.until, $0.key) < ($1.value.until, $1.key) }
            for (id, _) in due { sleepers[id] = nil }
            return due.map(\.value.wake)
        }
    }

    private let state = Mutex(State())

    public init() {}

    public var now: Instant {
        state.withLock { state in
            state.readings += 1
            return state.now
        }
    }
    public var minimumResolution: Duration { .zero }
    /// How often somebody has looked at the clock.
    public var readings: Int { state.withLock { $0.readings } }
    /// How many tasks sleep at present.
    public var sleepers: Int { state.withLock { $0.sleepers.count } }

    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.lastSleeper += 1
            return state.lastSleeper
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wake in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if deadline <= state.now { return .success(()) }
                    state.sleepers[id] = (deadline, wake)
                    return nil
                }
                if let outcome { wake.resume(with: outcome) }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.wake.resume(throwing: CancellationError())
        }
    }

    /// Moves the time on, and wakes whoever slept until then.
    public func advance(by duration: Duration) {
        let woken = state.withLock { state in state.advance(to: state.now.advanced(by: duration)) }
        for wake in woken { wake.resume() }
    }

    /// Moves the time on to when the first sleeper is due.
    /// - Returns: false if nobody sleeps.
    public func advanceToNextSleeper() -> Bool {
        let woken = state.withLock { state in
            state.sleepers.values.map(\.until).min().map { state.advance(to: max($0, state.now)) }
        }
        for wake in woken ?? [] { wake.resume() }
        return woken != nil
    }
}
