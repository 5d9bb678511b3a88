/// How long the store may take.
struct EtcdLimits: Sendable {
    /// To connect, for all endpoints together.
    var connect: Duration = .seconds(1)
    /// To answer a call on one endpoint; etcd answers in a millisecond, and in a second when its disk is slow.
    var answer: Duration = .seconds(2)
    /// To answer with everything below some prefixes.
    var list: Duration = .seconds(5)
    /// How long a watch trusts its stream before it lists and compares, on average: a stream is never enough.
    var trust: Duration = .seconds(600)

    /// A dead endpoint must leave time for the others.
    func connectTimeout(endpoints: Int) -> Duration { max(connect / max(endpoints, 1), .milliseconds(200)) }
}
