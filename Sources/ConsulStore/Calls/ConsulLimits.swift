/// How long Consul may take, and how much it takes at once.
struct ConsulLimits: Sendable {
    /// To connect, for all endpoints together.
    var connect: Duration = .seconds(1)
    /// To answer a call on one endpoint. An agent that has lost the leader looks for one for seven seconds (`rpc_hold_timeout`).
    var answer: Duration = .seconds(1)
    /// To begin an answer, all told, while it answers calls that were made before or little later.
    var turn: Duration = .seconds(10)
    /// To answer with everything below some prefixes.
    var list: Duration = .seconds(5)
    /// How long a blocking query waits for a change, on average.
    var wait: Duration = .seconds(60)

    /// Operations in a transaction: 64 until Consul 1.11, and 128 since.
    static let operations = 64
    /// Consul's default of `kv_max_value_size` and `txn_max_req_len`.
    static let requestBytes = 512 << 10
    /// Bytes of a value that fit a transaction of its own, in base64 and with its key.
    static let valueBytes = 256 << 10
    /// Consul's bounds of a session's time to live, in seconds.
    static let timeToLive: ClosedRange<Int64> = 10...86_400

    /// A dead endpoint must leave time for the others.
    func connectTimeout(endpoints: Int) -> Duration { max(connect / max(endpoints, 1), .milliseconds(200)) }

    /// How long a blocking query may take in all: Consul adds up to a sixteenth of the wait.
    func patience(for wait: Duration) -> Duration { wait + wait / 16 + max(answer, list) }
}
