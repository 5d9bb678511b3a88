/// What operators may set; the defaults suit a host of a few hundred containers.
public struct NameServerOptions: Sendable {
    /// How long resolvers may keep an answer, in seconds. Short, since containers move (lesson 7: Docker's 600 s outlived them).
    public var timeToLive: UInt32 = 5
    /// How long one upstream is waited for before the next is asked as well.
    public var stagger: Duration = .milliseconds(400)
    /// How long a forwarded question may take in all, before the asker is told SERVFAIL.
    public var forwardingDeadline: Duration = .seconds(3)
    /// How many forwarded questions may be under way at once (lesson 28: a limit is an option); beyond it the answer is SERVFAIL.
    public var forwardingLimit = 1024
    /// How many TCP connections each network's sandboxes may have open; beyond it the newest are closed.
    public var connectionsPerNetwork = 128
    /// How long a TCP connection may be silent (RFC 7766 section 6.2.3: "of the order of seconds").
    public var connectionIdleTimeout: Duration = .seconds(10)

    public init() {}
}
