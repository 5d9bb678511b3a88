/// A network as Docker shows it: an element of `GET /networks`, and `GET /networks/{id}`.
public struct NetworkResource: Codable, Hashable, Sendable {
    public var name: String
    public var id: String
    /// RFC 3339 with nanoseconds.
    public var created: String
    public var scope: String
    public var driver: String
    public var enableIPv4: Bool
    public var enableIPv6: Bool
    public var ipam: IPAMResource
    public var isInternal: Bool
    public var isAttachable: Bool
    /// Always false: the routing mesh is Swarm mode's.
    public var isIngress: Bool
    public var configFrom: ConfigReference
    public var isConfigOnly: Bool
    /// By the id of the sandbox, on whatever node; empty in a list, as from Docker since API 1.28.
    public var containers: [String: EndpointResource]
    public var options: [String: String]
    public var labels: [String: String]
    /// The nodes that take part, when asked for with `verbose`.
    public var peers: [PeerResource]?

    /// The order is the one in which Docker writes the fields.
    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case id = "Id"
        case created = "Created"
        case scope = "Scope"
        case driver = "Driver"
        case enableIPv4 = "EnableIPv4"
        case enableIPv6 = "EnableIPv6"
        case ipam = "IPAM"
        case isInternal = "Internal"
        case isAttachable = "Attachable"
        case isIngress = "Ingress"
        case configFrom = "ConfigFrom"
        case isConfigOnly = "ConfigOnly"
        case containers = "Containers"
        case options = "Options"
        case labels = "Labels"
        case peers = "Peers"
    }
}

/// The network that a network takes its configuration from: always empty here.
public struct ConfigReference: Codable, Hashable, Sendable {
    public var network: String?

    public init(network: String? = nil) {
        self.network = network
    }

    enum CodingKeys: String, CodingKey {
        case network = "Network"
    }
}

/// One endpoint in a network's `Containers`.
public struct EndpointResource: Codable, Hashable, Sendable {
    public var name: String
    public var endpointID: String
    public var macAddress: String
    /// With the length of the subnet, such as `10.0.0.2/24`; empty without one.
    public var ipv4Address: String
    public var ipv6Address: String

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case endpointID = "EndpointID"
        case macAddress = "MacAddress"
        case ipv4Address = "IPv4Address"
        case ipv6Address = "IPv6Address"
    }
}

/// A node that takes part in a network.
public struct PeerResource: Codable, Hashable, Sendable {
    public var name: String
    /// The VTEP.
    public var ip: String

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case ip = "IP"
    }
}
