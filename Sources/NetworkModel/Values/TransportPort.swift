/// A protocol with ports, by its number in IANA's registry.
public enum TransportProtocol: UInt8, Codable, Hashable, Sendable {
    case tcp = 6
    case udp = 17
    case sctp = 132
}

/// A port of a sandbox.
public struct TransportPort: Codable, Hashable, Sendable {
    public var transport: TransportProtocol
    public var number: UInt16

    public init(_ transport: TransportProtocol, _ number: UInt16) {
        self.transport = transport
        self.number = number
    }
}

/// A port of the host whose traffic goes to a port of one of its endpoints: Docker's `-p`.
public struct PortForwarding: Codable, Hashable, Sendable {
    /// The host's address; nil for all of them, of both families.
    public var hostAddress: IPAddress?
    public var hostPort: UInt16
    /// In the sandbox.
    public var port: TransportPort

    public init(hostAddress: IPAddress? = nil, hostPort: UInt16, to port: TransportPort) {
        self.hostAddress = hostAddress
        self.hostPort = hostPort
        self.port = port
    }
}
