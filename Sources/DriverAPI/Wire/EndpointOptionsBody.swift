import FaceKit
import NetworkModel

/// The options of an endpoint by their labels (libnetwork, netlabel). A `--driver-opt` stands among them under its own name; what is
/// neither known nor a text is passed over.
struct EndpointOptionsBody: Decodable, Sendable {
    let exposedPorts: [PortBody]
    let portMap: [PortMapBody]
    let others: [String: String]

    private static let exposedPortsLabel = OptionKey("com.docker.network.endpoint.exposedports")
    private static let portMapLabel = OptionKey("com.docker.network.portmap")
    /// The bytes of the MAC in base64; as text it is in ``InterfaceBody``.
    private static let macLabel = "com.docker.network.endpoint.macaddress"

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: OptionKey.self)
        exposedPorts = try container.decodeIfPresent([PortBody].self, forKey: Self.exposedPortsLabel) ?? []
        portMap = try container.decodeIfPresent([PortMapBody].self, forKey: Self.portMapLabel) ?? []
        let texts = container.allKeys.filter { $0.stringValue != Self.macLabel }.compactMap { key in
            (try? container.decode(String.self, forKey: key)).map { (key.stringValue, $0) }
        }
        others = Dictionary(texts, uniquingKeysWith: { first, _ in first })
    }

    func options() throws(RequestFault) -> EndpointOptions {
        EndpointOptions(
            exposedPorts: try exposedPorts.map { port throws(RequestFault) in try port.port() },
            publishedPorts: try portMap.map { port throws(RequestFault) in try port.publishedPort() }, driverOptions: others)
    }
}

/// A port of a sandbox (libnetwork, types.TransportPort).
struct PortBody: Decodable, Sendable {
    let transport: UInt8
    let number: UInt16

    enum CodingKeys: String, CodingKey {
        case transport = "Proto"
        case number = "Port"
    }

    func port() throws(RequestFault) -> TransportPort {
        guard let transport = TransportProtocol(rawValue: transport) else {
            throw RequestFault(
                .unsupported, "port \(number) of protocol \(transport) is not supported: it must be 6 (TCP), 17 (UDP) or 132 (SCTP)")
        }
        return TransportPort(transport, number)
    }
}

/// A published port (libnetwork, types.PortBinding). Of its address in the sandbox, `IP`, the driver knows more than the engine.
struct PortMapBody: Decodable, Sendable {
    let port: PortBody
    let hostAddress: Blankable<IPAddress>?
    let firstHostPort: UInt16?
    let lastHostPort: UInt16?

    enum CodingKeys: String, CodingKey {
        case hostAddress = "HostIP"
        case firstHostPort = "HostPort"
        case lastHostPort = "HostPortEnd"
    }

    init(from decoder: any Decoder) throws {
        port = try PortBody(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        hostAddress = try container.decodeIfPresent(Blankable<IPAddress>.self, forKey: .hostAddress)
        firstHostPort = try container.decodeIfPresent(UInt16.self, forKey: .firstHostPort)
        lastHostPort = try container.decodeIfPresent(UInt16.self, forKey: .lastHostPort)
    }

    /// An absent port of the host is 0, as is the end of a range in old engines.
    func publishedPort() throws(RequestFault) -> PublishedPort {
        let first = firstHostPort ?? 0
        let range = first == 0 ? nil : first...max(first, lastHostPort ?? 0)
        return PublishedPort(try port.port(), hostAddress: hostAddress?.value, hostPorts: range)
    }
}
