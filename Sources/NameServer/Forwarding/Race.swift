import NetworkModel

/// One foreign question, asked of several resolvers: each is given a head start, and the first decisive reply wins.
struct Race: Sendable {
    let upstreams: any Upstreams
    let clock: any Clock<Duration>
    let randomness: any Randomness
    let stagger: Duration
    let deadline: Duration

    /// How often each resolver is asked: a lost datagram is the commonest reason for silence.
    private static let rounds = 2

    /// - Returns: the first decisive reply, else the first of any kind, as it is; nil when nobody said anything in time.
    func run(_ question: ForwardedQuery.Question, among resolvers: [Resolver]) async -> UpstreamReply? {
        let tries = (0..<Self.rounds).flatMap { _ in resolvers }
        return await withTaskGroup(of: RaceProgress.Event.self) { group in
            defer { group.cancelAll() }
            group.addTask { await wait(deadline, then: .deadline) }
            var progress = RaceProgress(tries: tries.count)
            var action = progress.begin()
            while true {
                switch action {
                case .start(let number):
                    group.addTask { await ask(tries[number], question).map { .reply($0) } ?? .failed }
                    group.addTask { await wait(stagger, then: .headStartOver(tries: number + 1)) }
                case .wait: break
                case .finish(let verdict): return verdict
                }
                action = progress.take(await group.next() ?? .deadline)
            }
        }
    }

    private func wait(_ delay: Duration, then event: RaceProgress.Event) async -> RaceProgress.Event {
        // Cancelled means that the race is over and nobody looks.
        try? await clock.sleep(for: delay)
        return event
    }

    /// Asks one resolver under a fresh random id; each exchange has its own socket and so its own source port (RFC 5452 section 9.2).
    private func ask(_ resolver: Resolver, _ question: ForwardedQuery.Question) async -> UpstreamReply? {
        let identifier = UInt16(truncatingIfNeeded: randomness.next())
        var message = question.message
        message.replaceSubrange(0..<2, with: [UInt8(identifier >> 8), UInt8(identifier & 0xff)])
        let accept: @Sendable ([UInt8]) -> UpstreamReply? = { UpstreamReply($0, to: question, sentAs: identifier) }
        let reply = await upstreams.exchange(message, with: resolver, over: .datagram, accept: accept)
        guard let reply, reply.isTruncated else { return reply }
        let whole = await upstreams.exchange(message, with: resolver, over: .stream, accept: accept)
        // Over UDP a reply that is too long again stays the truncated one: the asker comes back over TCP.
        guard let whole, whole.message.count <= question.limit else { return reply }
        return whole
    }
}
