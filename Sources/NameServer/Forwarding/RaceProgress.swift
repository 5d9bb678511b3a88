/// How far a race is, and what is to be done next: pure.
struct RaceProgress: Sendable {
    enum Event: Sendable {
        case reply(UpstreamReply)
        case failed
        /// So many tries had been started when the head start of the last one was over.
        case headStartOver(tries: Int)
        case deadline
    }

    enum Action: Sendable {
        /// Ask in this try, and give it its head start.
        case start(Int)
        case wait
        case finish(UpstreamReply?)
    }

    private let tries: Int
    private var started = 0
    private var underWay = 0
    /// The first reply of any kind.
    private var verdict: UpstreamReply?

    init(tries: Int) {
        self.tries = tries
    }

    mutating func begin() -> Action { startNext() }

    mutating func take(_ event: Event) -> Action {
        switch event {
        case .reply(let reply):
            guard !reply.isDecisive else { return .finish(reply) }
            verdict = verdict ?? reply
            underWay -= 1
            return startNext()
        case .failed:
            underWay -= 1
            return startNext()
        case .headStartOver(let tries): return tries == started && started < self.tries ? startNext() : .wait
        case .deadline: return .finish(verdict)
        }
    }

    private mutating func startNext() -> Action {
        guard started < tries else { return underWay == 0 ? .finish(verdict) : .wait }
        defer { (started, underWay) = (started + 1, underWay + 1) }
        return .start(started)
    }
}
