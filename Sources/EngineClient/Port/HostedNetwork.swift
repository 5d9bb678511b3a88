public import NetworkModel

/// A network as an engine has it (Docker's `network inspect`).
public struct HostedNetwork: Hashable, Sendable, Identifiable {
    public let id: EngineNetworkID
    public var spec: HostedNetworkSpec
    /// The endpoints that are on it, also of containers that are just being started. Told of one network only, and not of a list of them.
    public var endpoints: Set<EndpointID>

    public init(id: EngineNetworkID, spec: HostedNetworkSpec, endpoints: Set<EndpointID> = []) {
        self.id = id
        self.spec = spec
        self.endpoints = endpoints
    }
}

/// A network as an engine is asked to make it.
public struct HostedNetworkSpec: Hashable, Sendable {
    public var name: String
    public var driver: String
    /// `default` is the engine's own.
    public var ipamDriver: String
    public var ipamOptions: [String: String]
    /// In an engine's answer, a pool that the engine chose has its gateway filled in, and one that the user gave only what the user gave.
    public var subnets: [HostedSubnet]
    /// What the user gave as `-o`.
    public var options: [String: String]
    public var labels: [String: String]
    public var isInternal: Bool
    public var isIPv6Enabled: Bool
    public var isAttachable: Bool

    public init(
        name: String, driver: String, ipamDriver: String = "default", ipamOptions: [String: String] = [:], subnets: [HostedSubnet] = [],
        options: [String: String] = [:], labels: [String: String] = [:], isInternal: Bool = false, isIPv6Enabled: Bool = false,
        isAttachable: Bool = false
    ) {
        self.name = name
        self.driver = driver
        self.ipamDriver = ipamDriver
        self.ipamOptions = ipamOptions
        self.subnets = subnets
        self.options = options
        self.labels = labels
        self.isInternal = isInternal
        self.isIPv6Enabled = isIPv6Enabled
        self.isAttachable = isAttachable
    }
}

/// One entry of an engine's IPAM configuration.
public struct HostedSubnet: Hashable, Sendable {
    public var pool: Subnet
    /// Docker's `--ip-range`.
    public var subPool: Subnet?
    public var gateway: IPAddress?
    /// Docker's `--aux-address`.
    public var auxiliary: [String: IPAddress]

    public init(pool: Subnet, subPool: Subnet? = nil, gateway: IPAddress? = nil, auxiliary: [String: IPAddress] = [:]) {
        self.pool = pool
        self.subPool = subPool
        self.gateway = gateway
        self.auxiliary = auxiliary
    }
}
