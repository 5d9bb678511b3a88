public import NetworkModel

/// The published ports of a network's endpoints, as two translations each: what arrives at the host goes to the network's end of the
/// uplink, and there to the endpoint (docs/decisions/0011).
public struct PortPlan: Hashable, Sendable {
    public struct Passage: Hashable, Sendable {
        public let transport: TransportProtocol
        /// The host's; the unspecified one stands for all of its family.
        public let hostAddress: IPAddress
        public let hostPort: UInt16
        /// On the network's end of the uplink: the host's port, unless two addresses of the host have it lead to different places.
        public let uplinkPort: UInt16
        /// The endpoint's, of the family of ``hostAddress``.
        public let address: IPAddress
        public let port: UInt16
    }

    public private(set) var passages: [Passage] = []
    /// What leads nowhere: no address of the endpoint has a family in which the host's address is and the network has a way out.
    public private(set) var unserved: [PortForwarding] = []

    public var isEmpty: Bool { passages.isEmpty }

    public init() {}

    /// - Parameters:
    ///   - endpoints: each with its addresses and forwardings, in any order.
    ///   - families: those in which the network has a way out.
    public init(_ endpoints: [EndpointID: (addresses: [IPAddress], ports: [PortForwarding])], over families: [IPFamily]) {
        let wanted = endpoints.flatMap { id, endpoint in endpoint.ports.map { (id, $0) } }.sorted { Self.order($0) < Self.order($1) }
        var numbers = UplinkPorts(
            wanted.map { id, forwarding in (UplinkPorts.Target(endpoint: id, port: forwarding.port), forwarding.hostPort) })
        for (id, forwarding) in wanted {
            let addresses = (endpoints[id]?.addresses ?? []).filter { families.contains($0.family) && forwarding.isServed(over: $0.family) }
            guard !addresses.isEmpty,
                let number = numbers.number(UplinkPorts.Target(endpoint: id, port: forwarding.port), forwarding.hostPort)
            else {
                unserved.append(forwarding)
                continue
            }
            passages += addresses.map { address in
                Passage(
                    transport: forwarding.port.transport, hostAddress: forwarding.hostAddress ?? IPAddress(family: address.family, bits: 0),
                    hostPort: forwarding.hostPort, uplinkPort: number, address: address, port: forwarding.port.number)
            }
        }
    }

    private static func order(_ wanted: (id: EndpointID, ports: PortForwarding)) -> (UInt8, UInt16, Int, String, String, UInt16) {
        let address = wanted.ports.hostAddress
        return (
            wanted.ports.port.transport.rawValue, wanted.ports.hostPort, address == nil ? 0 : 1, address?.description ?? "",
            wanted.id.rawValue, wanted.ports.port.number
        )
    }
}

/// Gives each port of an endpoint a number on the uplink, where the host's address is no longer to be seen.
private struct UplinkPorts {
    struct Target: Hashable {
        let endpoint: EndpointID
        let port: TransportPort
    }

    private struct Place: Hashable {
        let transport: TransportProtocol
        let number: UInt16
    }

    private var owners: [Place: Target] = [:]
    private var others: [Target: UInt16] = [:]

    /// The first that wants a number has it.
    init(_ wanted: [(target: Target, number: UInt16)]) {
        for (target, number) in wanted {
            let place = Place(transport: target.port.transport, number: number)
            if owners[place] == nil { owners[place] = target }
        }
    }

    /// The number wanted, or the highest one that nobody wants; nil if there is none.
    mutating func number(_ target: Target, _ wanted: UInt16) -> UInt16? {
        let transport = target.port.transport
        if owners[Place(transport: transport, number: wanted)] == target { return wanted }
        if let number = others[target] { return number }
        let free = (1...UInt16.max).reversed().first { owners[Place(transport: transport, number: $0)] == nil }
        guard let free else { return nil }
        owners[Place(transport: transport, number: free)] = target
        others[target] = free
        return free
    }
}

extension PortForwarding {
    /// IPv6 has no way back to its loopback address from another device.
    fileprivate func isServed(over family: IPFamily) -> Bool {
        hostAddress.map { $0.family == family && !($0.family == .v6 && $0.isLoopback) } ?? true
    }
}

extension DesiredState {
    /// The addresses of one of this node's endpoints, or nil.
    public func addresses(of endpoint: EndpointID, on network: NetworkID) -> [IPAddress]? { networks[network]?.local[endpoint]?.addresses }
}
