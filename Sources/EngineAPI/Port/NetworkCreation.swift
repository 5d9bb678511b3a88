public import NetworkModel

/// A network that a client asks for: Docker's `POST /networks/create`, read and checked as far as that needs no other network.
public struct NetworkCreation: Hashable, Sendable {
    /// Any characters; not empty.
    public var name: String
    /// As the client wrote it. Docker's command line sends `bridge` when its user names none, so `bridge` may mean the default.
    public var driver: String
    /// The scope asked for, or nil for the driver's own.
    public var scope: NetworkScope?
    /// `default`, `null`, or what the client wrote.
    public var ipamDriver: String
    public var ipamOptions: [String: String]
    /// The subnets the user gave, each with ``NetworkModel/SubnetRecord/isUserDefined``.
    public var subnets: [SubnetRecord]
    public var isIPv6Enabled: Bool
    public var options: [String: String]
    public var labels: [String: String]
    public var isInternal: Bool
    public var isAttachable: Bool

    public init(
        name: String, driver: String = "", scope: NetworkScope? = nil, ipamDriver: String = "default",
        ipamOptions: [String: String] = [:], subnets: [SubnetRecord] = [], isIPv6Enabled: Bool = false, options: [String: String] = [:],
        labels: [String: String] = [:], isInternal: Bool = false, isAttachable: Bool = false
    ) {
        self.name = name
        self.driver = driver
        self.scope = scope
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

/// The answer to a ``NetworkCreation``.
public struct CreatedNetwork: Hashable, Sendable {
    public var id: NetworkID
    /// What the user should know; empty when all is as asked.
    public var warning: String

    public init(id: NetworkID, warning: String = "") {
        self.id = id
        self.warning = warning
    }
}

/// A network with what takes part in it.
public struct NetworkDetail: Hashable, Sendable {
    public var network: NetworkRecord
    /// The endpoints of all nodes.
    public var endpoints: [EndpointRecord]
    /// The nodes that have an endpoint of the network and are alive: shown as Docker's `Peers` when asked for more.
    public var peers: [NodeRecord]

    public init(network: NetworkRecord, endpoints: [EndpointRecord] = [], peers: [NodeRecord] = []) {
        self.network = network
        self.endpoints = endpoints
        self.peers = peers
    }
}
