import Foundation
import Synchronization

/// The servers of a datacentre, which all agents share: what they know, who waits for a change, and what a test wants of them.
final class Datacentre: Sendable {
    struct Rules: Sendable {
        var fault: ConsulStandIn.Fault?
        /// What reads that are not consistent see.
        var stale: World?
        var requests: [ConsulRequest] = []
    }

    /// Who waits for a change, at which agent.
    private struct Waiter: Sendable {
        let agent: UUID
        let continuation: AsyncStream<Void>.Continuation
    }

    let options: ConsulStandIn.Options
    let world: Mutex<World>
    let rules = Mutex(Rules())
    private let waiters = Mutex<[UUID: Waiter]>([:])
    private let now: @Sendable () -> Duration
    private let tick: @Sendable () async throws -> Void

    init<Time: Clock>(_ options: ConsulStandIn.Options, clock: Time) where Time.Duration == Duration {
        self.options = options
        world = Mutex(World(options))
        let start = clock.now
        now = { start.duration(to: clock.now) }
        tick = { try await clock.sleep(for: .milliseconds(100)) }
    }

    /// Ends sessions when their time has passed.
    func endSessions() async throws {
        while true {
            try await tick()
            change { world, now in world.endDueSessions(at: now) }
        }
    }

    func electLeader() { change { world, now in world.electLeader(at: now) } }

    func freezeStaleReads(_ isFrozen: Bool) {
        let frozen = isFrozen ? world.withLock { $0 } : nil
        rules.withLock { $0.stale = frozen }
    }

    /// Changes what the servers know, and wakes who waits for a change.
    @discardableResult
    func change<Answer>(_ step: (inout World, Duration) throws -> Answer) rethrows -> Answer {
        let (answer, hasChanged) = try world.withLock { world in
            let before = world.changes
            world.endDueSessions(at: now())
            let answer = try step(&world, now())
            return (answer, world.changes != before)
        }
        if hasChanged { for waiter in waiters.withLock({ Array($0.values) }) { waiter.continuation.yield() } }
        return answer
    }

    var waitingQueries: Int { waiters.withLock { $0.count } }

    /// Lets those go who wait at an agent that ends, as if their time were over.
    func letGo(of agent: UUID) {
        for waiter in waiters.withLock({ $0.values.filter { $0.agent == agent } }) { waiter.continuation.finish() }
    }

    /// Reads until the answer is newer than an index, the time is over, or all is restored from elsewhere.
    func read<Answer>(
        at agent: UUID, after index: UInt64, within wait: Duration, _ look: @Sendable (World) -> (index: UInt64, answer: Answer)
    ) async -> (index: UInt64, answer: Answer) {
        let id = UUID()
        // Before anybody can see that it waits.
        let restores = world.withLock { $0.restores }
        let (stream, waiter) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        waiters.withLock { $0[id] = Waiter(agent: agent, continuation: waiter) }
        defer { waiters.withLock { $0[id] = nil } }
        let timer = Task {
            try? await ContinuousClock().sleep(for: wait)
            waiter.finish()
        }
        defer { timer.cancel() }
        var (latest, isOver) = world.withLock { (look($0), $0.restores != restores) }
        var news = stream.makeAsyncIterator()
        while latest.index <= index, !isOver, !Task.isCancelled {
            isOver = await news.next() == nil
            let (next, restoresNow) = world.withLock { (look($0), $0.restores) }
            latest = next
            isOver = isOver || restoresNow != restores
        }
        return latest
    }
}
