/// How a data plane goes about its work.
public struct DataplaneOptions: Hashable, Sendable {
    /// The UDP port of VXLAN, the same on every node (RFC 7348: 4789).
    public var vxlanPort: UInt16
    /// How often everything is compared with the kernel.
    public var verifyInterval: Duration
    /// How often the packet filter's rules are looked at: they are flushed by others (lesson 24).
    public var rulesInterval: Duration
    /// How long after a monitor's word a namespace is compared.
    public var monitorDelay: Duration
    /// How long ``Dataplane/settle(endpoint:)`` waits before it throws.
    public var settleBound: Duration
    /// How long a network's namespace stays after its last endpoint on this host left, in case another comes.
    public var linger: Duration
    /// The first wait before a failed write is tried again; it doubles up to ``retryBound``.
    public var retryDelay: Duration
    public var retryBound: Duration
    /// Whether names are served on the host as well, to containers that are on none of our networks.
    public var servesHost: Bool

    public init(
        vxlanPort: UInt16 = 4789, verifyInterval: Duration = .seconds(30), rulesInterval: Duration = .seconds(2),
        monitorDelay: Duration = .milliseconds(500), settleBound: Duration = .seconds(5), linger: Duration = .seconds(3),
        retryDelay: Duration = .milliseconds(50), retryBound: Duration = .seconds(5), servesHost: Bool = false
    ) {
        self.vxlanPort = vxlanPort
        self.verifyInterval = verifyInterval
        self.rulesInterval = rulesInterval
        self.monitorDelay = monitorDelay
        self.settleBound = settleBound
        self.linger = linger
        self.retryDelay = retryDelay
        self.retryBound = retryBound
        self.servesHost = servesHost
    }
}
