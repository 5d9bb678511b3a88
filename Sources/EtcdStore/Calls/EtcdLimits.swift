import ClusterStore

/// How long the store may take.
struct EtcdLimits: Sendable {
    /// To connect, for all endpoints together.
    var connect: Duration = .seconds(1)
    /// To answer a call on one endpoint. etcd answers in milliseconds; the slowest of 30,000 writes on two cores with twenty runnable processes
    /// took 0.7 s, and a member that is slower than a second loses its lead by etcd's own default.
    var answer: Duration = .seconds(1)
    /// To begin an answer, all told, while it answers calls that were made before or little later: a crowd of calls to a busy store takes
    /// its turns, and none of them is lost.
    var turn: Duration = .seconds(10)
    /// To end an answer that has begun with a page of a list.
    var list: Duration = .seconds(5)
    /// How long a watch trusts its stream before it lists and compares, on average: a stream is never enough.
    var trust: Duration = .seconds(600)

    /// A dead endpoint must leave time for the others.
    func connectTimeout(endpoints: Int) -> Duration { max(connect / max(endpoints, 1), .milliseconds(200)) }
}

/// How long an endpoint may be silent to the next call. A store that was slow a moment ago, or whose clients wait for a processor, is given longer, so
/// that a crowd of calls does not lose answers that are on their way. And whoever has waited for one that did not answer, and now asks the
/// others or what became of a write, need not wait as long again to learn that nobody answers.
struct EtcdPatience: Sendable {
    let usual: Duration
    private let endpoints: Set<EtcdEndpoint>
    private var hurried: Set<EtcdEndpoint> = []
    /// The slowest of the answers that came lately.
    private var slowest = Duration.zero
    /// An answer may take so many times as long as the slowest of late, and so many times as long as usual at most.
    private static let longer = 3
    /// Nor longer than this, unless that is usual: who was told how long to wait waits no longer.
    private static let longest: Duration = .seconds(3)
    /// The share of the time that is left to one who hurries: always less than the usual time, by which ``passed(after:)`` knows him.
    private static let hurry = 4

    init(usual: Duration, for endpoints: [EtcdEndpoint]) {
        self.usual = usual
        self.endpoints = Set(endpoints)
    }

    /// A quarter after a call that was not answered, and once only: an endpoint that is slow must be able to show that it is not dead.
    mutating func next(_ endpoint: EtcdEndpoint) -> Duration {
        let wait = max(usual, min(slowest * Self.longer, usual * Self.longer, Self.longest))
        return hurried.remove(endpoint) == nil ? wait : wait / Self.hurry
    }

    /// A call was not answered.
    mutating func passed(after wait: Duration) {
        if wait >= usual { hurried = endpoints }
    }

    /// A call was answered, after at most so long a silence: what was slow about it is forgotten within some twenty calls.
    mutating func answered(after time: Duration) {
        slowest = max(time, slowest * 7 / 8)
    }

    /// An endpoint that does what it is asked is not dead, whatever it left unanswered before.
    mutating func worked(_ endpoint: EtcdEndpoint) {
        hurried.remove(endpoint)
    }
}
