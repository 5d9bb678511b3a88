import NetworkModel

/// A published port as the API shows it: an element of `GET /skein/v1/ports`.
public struct PublishedPortResource: Codable, Hashable, Sendable {
    /// The endpoint's: a container's name, or the endpoint's short id until the engine has told it.
    public var name: String
    public var endpoint: String
    /// The container's id, or another sandbox's.
    public var sandbox: String
    public var network: String
    /// `tcp`, `udp` or `sctp`.
    public var transport: String
    /// In the container.
    public var port: UInt16
    /// Empty for all addresses of the host, of both families.
    public var hostAddress: String
    public var hostPort: UInt16

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case endpoint = "EndpointID"
        case sandbox = "SandboxID"
        case network = "Network"
        case transport = "Protocol"
        case port = "Port"
        case hostAddress = "HostIP"
        case hostPort = "HostPort"
    }
}

extension PublishedPortResource {
    init(_ detail: PublishedPortDetail) {
        let forwarding = detail.forwarding
        let transport =
            switch forwarding.port.transport {
            case .tcp: "tcp"
            case .udp: "udp"
            case .sctp: "sctp"
            }
        self.init(
            name: detail.endpoint.name.rawValue, endpoint: detail.endpoint.id.rawValue, sandbox: detail.endpoint.sandbox.rawValue,
            network: detail.network ?? "", transport: transport, port: forwarding.port.number,
            hostAddress: forwarding.hostAddress?.description ?? "", hostPort: forwarding.hostPort)
    }
}
