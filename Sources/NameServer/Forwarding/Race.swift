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

    private enum Event: Sendable {
        case reply(UpstreamReply)
        case failed
        /// So many tries had been started when the head start of the last one was over.
        case headStartOver(tries: Int)
        case deadline
    }

    /// - Returns: the first decisive reply, else the first of any kind, as it is; nil when nobody said anything in time.
    func run(_ question: ForwardedQuery.Question, among resolvers: [Resolver]) async -> UpstreamReply? {
        let tries = (0..<Self.rounds).flatMap { _ in resolvers }
        guard !tries.isEmpty else { return nil }
        return await withTaskGroup(of: Event.self) { group in
            defer { group.cancelAll() }
            after(deadline, .deadline, in: &group)
            var (started, underWay) = (0, 0)
            var verdict: UpstreamReply?
            func startNext() {
                guard started < tries.count else { return }
                let resolver = tries[started]
                (started, underWay) = (started + 1, underWay + 1)
                group.addTask { await ask(resolver, question).map(Event.reply) ?? .failed }
                after(stagger, .headStartOver(tries: started), in: &group)
            }
            startNext()
            for await event in group {
                switch event {
                case .reply(let reply) where reply.isDecisive: return reply
                case .reply(let reply):
                    verdict = verdict ?? reply
                    underWay -= 1
                    startNext()
                case .failed:
                    underWay -= 1
                    startNext()
                case .headStartOver(let tries):
                    if tries == started { startNext() }
                case .deadline: return verdict
                }
                if underWay == 0 { return verdict }
            }
            return verdict
        }
    }

    private func after(_ delay: Duration, _ event: Event, in group: inout TaskGroup<Event>) {
        group.addTask {
            // Cancelled means that the race is over and nobody looks.
            try? await clock.sleep(for: delay)
            return event
        }
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
