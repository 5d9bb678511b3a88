/// A session: keys that it has locked go with it, or are released, when it ends.
struct ConsulSession: Sendable {
    let id: String
    let namespace: String
    let name: String
    let node: String
    let behavior: String
    /// Nil for one that lives until it is destroyed.
    let ttl: Duration?
    let lockDelay: Duration
    /// The health checks that end it when they fail.
    let checks: [String]
    let createIndex: UInt64
    /// On the stand-in's clock, from its start.
    var end: Duration?
}
