import NetworkModel

/// A sandbox as the API shows it: an element of `GET /skein/v1/sandboxes`, and `GET /skein/v1/sandboxes/{sandbox}`.
public struct SandboxResource: Codable, Hashable, Sendable {
    /// The sandbox's host.
    public struct Node: Codable, Hashable, Sendable {
        public var id: String
        /// Empty when its worker's lease has ended.
        public var hostname: String

        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case hostname = "Hostname"
        }
    }

    /// One endpoint of the sandbox.
    public struct Network: Codable, Hashable, Sendable {
        public var name: String
        public var networkID: String
        public var endpointID: String
        /// Such as `eth0`.
        public var interface: String
        public var macAddress: String
        /// With the lengths of their subnets, such as `10.0.0.2/24`.
        public var addresses: [String]
        public var gateways: [String]
        public var aliases: [String]

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case networkID = "NetworkID"
            case endpointID = "EndpointID"
            case interface = "Interface"
            case macAddress = "MacAddress"
            case addresses = "Addresses"
            case gateways = "Gateways"
            case aliases = "Aliases"
        }
    }

    public var id: String
    public var name: String
    /// `native`, `engine` or `cni`.
    public var kind: String
    /// What its runtime calls it; left out for a native one.
    public var runtimeID: String?
    /// RFC 3339 with nanoseconds.
    public var created: String
    public var labels: [String: String]
    public var node: Node
    /// In the order of their interfaces.
    public var networks: [Network]
    /// Such as `/run/netns/sk-demo1`; left out when asked on another host.
    public var namespacePath: String?
    public var resolvConfPath: String?

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case name = "Name"
        case kind = "Kind"
        case runtimeID = "RuntimeID"
        case created = "Created"
        case labels = "Labels"
        case node = "Node"
        case networks = "Networks"
        case namespacePath = "NamespacePath"
        case resolvConfPath = "ResolvConfPath"
    }
}

extension SandboxResource {
    init(_ detail: SandboxDetail) {
        let sandbox = detail.sandbox
        self.init(
            id: sandbox.id.rawValue, name: sandbox.name.rawValue, kind: sandbox.kind.rawValue, runtimeID: sandbox.runtimeID,
            created: sandbox.created.description, labels: sandbox.labels,
            node: Node(id: sandbox.node.rawValue, hostname: detail.node?.hostname ?? ""), networks: detail.attachments.map { Network($0) },
            namespacePath: detail.namespacePath, resolvConfPath: detail.resolvConfPath)
    }
}

extension SandboxResource.Network {
    fileprivate init(_ attachment: SandboxDetail.Attachment) {
        let endpoint = attachment.endpoint
        let subnets = endpoint.addresses.map { attachment.network.subnet(of: $0) }
        let addresses = zip(endpoint.addresses, subnets).map { address, subnet in
            subnet.map { InterfaceAddress(address, in: $0.pool).description } ?? address.description
        }
        self.init(
            name: attachment.network.name, networkID: endpoint.network.rawValue, endpointID: endpoint.id.rawValue,
            interface: endpoint.interface, macAddress: endpoint.mac.description, addresses: addresses,
            gateways: subnets.compactMap { $0?.gateway?.description }, aliases: endpoint.aliases.map(\.rawValue))
    }
}
