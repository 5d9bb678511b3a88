/// A network, as the catalog keeps it at `networks/<network>`.
public struct NetworkRecord: Codable, Hashable, Sendable, Identifiable {
    public let id: NetworkID
    /// As the user wrote it; Docker allows any character.
    public var name: String
    public var driver: NetworkDriver
    /// The VXLAN id; nil for a ``NetworkDriver/bridge``.
    public var vni: VNI?
    /// One or more subnets, at most one of them auto-allocated a family; empty with ``ipamDriver`` `null`.
    public var subnets: [SubnetRecord]
    /// `default` or `null`.
    public var ipamDriver: String
    public var ipamOptions: [String: String]
    /// Driver options, as the user gave them (``NetworkOption`` lists those that are honoured).
    public var options: [String: String]
    public var labels: [String: String]
    /// No default route, no uplink: nothing leaves the network.
    public var isInternal: Bool
    /// Docker's `--attachable`: kept and shown; every network of Skein's can be attached to.
    public var isAttachable: Bool
    public var created: Timestamp
    public var state: State

    public enum State: String, Codable, Hashable, Sendable {
        case active
        /// Somebody is removing it: attaching is refused.
        case removing
    }

    public init(
        id: NetworkID, name: String, driver: NetworkDriver, vni: VNI? = nil, subnets: [SubnetRecord] = [], ipamDriver: String = "default",
        ipamOptions: [String: String] = [:], options: [String: String] = [:], labels: [String: String] = [:], isInternal: Bool = false,
        isAttachable: Bool = false, created: Timestamp, state: State = .active
    ) {
        self.id = id
        self.name = name
        self.driver = driver
        self.vni = vni
        self.subnets = subnets
        self.ipamDriver = ipamDriver
        self.ipamOptions = ipamOptions
        self.options = options
        self.labels = labels
        self.isInternal = isInternal
        self.isAttachable = isAttachable
        self.created = created
        self.state = state
    }

    public var scope: NetworkScope { driver.scope }

    /// The subnet an address belongs to.
    public func subnet(of address: IPAddress) -> SubnetRecord? {
        subnets.first { $0.pool.contains(address) }
    }

    public func gateways(_ family: IPFamily) -> [IPAddress] {
        subnets.compactMap { $0.pool.family == family ? $0.gateway : nil }
    }
}

/// One subnet of a network.
public struct SubnetRecord: Codable, Hashable, Sendable {
    /// The whole subnet: the mask of every endpoint's address.
    public var pool: Subnet
    /// Docker's `--ip-range`: where addresses are taken from, when narrower than the pool.
    public var subPool: Subnet?
    /// The anycast gateway: the same address on every host.
    public var gateway: IPAddress?
    /// Docker's `--aux-address`: reserved addresses by name.
    public var auxiliary: [String: IPAddress]
    /// Whether the user chose the pool. Docker allows `--ip` only then, and echoes only what the user gave.
    public var isUserDefined: Bool
    /// Whether the user chose the gateway.
    public var isGatewayUserDefined: Bool

    public init(
        pool: Subnet, subPool: Subnet? = nil, gateway: IPAddress? = nil, auxiliary: [String: IPAddress] = [:], isUserDefined: Bool = false,
        isGatewayUserDefined: Bool = false
    ) {
        self.pool = pool
        self.subPool = subPool
        self.gateway = gateway
        self.auxiliary = auxiliary
        self.isUserDefined = isUserDefined
        self.isGatewayUserDefined = isGatewayUserDefined
    }
}

/// Where a network exists.
public enum NetworkScope: String, Codable, Hashable, Sendable {
    /// On one node, recorded there.
    case local
    /// On every node, recorded in the cluster store.
    case global
}

/// What makes a network's segment.
public enum NetworkDriver: String, Codable, Hashable, Sendable {
    /// A VXLAN segment over all nodes.
    case overlay
    /// A bridge on one node.
    case bridge
    /// A driver that a newer peer knows: its networks are shown and left alone.
    case unknown

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        self = NetworkDriver(rawValue: text) ?? .unknown
    }

    public var scope: NetworkScope { self == .bridge ? .local : .global }
}

/// The driver options that Skein honours; any other is refused at creation.
public enum NetworkOption {
    /// The underlay's MTU in bytes, from which the network's own is derived (Docker's `com.docker.network.driver.mtu`).
    public static let mtu = "com.docker.network.driver.mtu"
    /// One VNI to use in place of an allocated one (Docker's `com.docker.network.driver.overlay.vxlanid_list`).
    public static let vxlanIDList = "com.docker.network.driver.overlay.vxlanid_list"
    /// `true`: broadcast, unknown unicast and multicast are copied to every participating VTEP, as they are without it in a network that has no
    /// subnets.
    public static let flood = "com.skein.flood"
}

/// What Skein and a container engine tell each other by the engine's own means.
public enum EngineOption {
    /// The name under which an engine knows the network driver and the address management driver.
    public static let driver = "skein"
    /// The option, of the network and of its address management, that says which of the cluster's networks an engine's is: its id.
    public static let network = "com.skein.network"
}
