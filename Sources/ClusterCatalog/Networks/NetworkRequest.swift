public import NetworkModel

/// A network that somebody asks for: Docker's `network create`.
public struct NetworkRequest: Hashable, Sendable {
    /// Its id, if somebody has given it one already: an engine that made it. nil for a new one.
    public var id: NetworkID?
    /// Any characters; not empty.
    public var name: String
    /// The driver as the user wrote it; empty for the scope's own: `overlay` for global networks, `bridge` for local ones.
    public var driver: String
    /// `default`, or `null` for a network without addresses.
    public var ipamDriver: String
    public var ipamOptions: [String: String]
    /// The subnets the user gave, with ``SubnetRecord/isUserDefined``; when a family has none, one is chosen.
    public var subnets: [SubnetRecord]
    /// Whether IPv6 addresses are wanted too; a chosen IPv6 subnet says so by itself.
    public var isIPv6Enabled: Bool
    /// Those of ``NetworkOption``; any other is refused.
    public var options: [String: String]
    public var labels: [String: String]
    public var isInternal: Bool
    public var isAttachable: Bool

    public init(
        id: NetworkID? = nil, name: String, driver: String = "", ipamDriver: String = "default", ipamOptions: [String: String] = [:],
        subnets: [SubnetRecord] = [], isIPv6Enabled: Bool = false, options: [String: String] = [:], labels: [String: String] = [:],
        isInternal: Bool = false, isAttachable: Bool = false
    ) {
        self.id = id
        self.name = name
        self.driver = driver
        self.ipamDriver = ipamDriver
        self.ipamOptions = ipamOptions
        self.subnets = subnets
        self.isIPv6Enabled = isIPv6Enabled
        self.options = options
        self.labels = labels
        self.isInternal = isInternal
        self.isAttachable = isAttachable
    }
}
