import NetworkModel

/// A /16 with one endpoint here and many on another node.
struct LargeNetwork {
    let here: NodeID
    let sandbox: SandboxID
    let localEndpoint: EndpointID
    /// The nodes, the network and the endpoint here.
    let local: [ViewChange]
    /// The endpoints there.
    let remote: [ViewChange]
    /// All of it goes.
    let removal: [ViewChange]

    init(count: Int) throws {
        var generator = SystemRandomNumberGenerator()
        let here = NodeID(random: &generator)
        let there = NodeID(random: &generator)
        let network = try Self.network(&generator)
        let sandbox = SandboxRecord(
            id: SandboxID(random: &generator), name: try EndpointName("bench"), node: here, created: Timestamp(nanoseconds: 0))
        let endpoint = try Self.endpoint(0, of: network.id, on: here, in: sandbox.id, &generator)
        let remotes = try (1...max(count, 1)).map {
            try Self.endpoint($0, of: network.id, on: there, in: SandboxID(random: &generator), &generator)
        }
        self.here = here
        self.sandbox = sandbox.id
        localEndpoint = endpoint.id
        local = [
            .node(here, Self.node(here, vtep: IPAddress(127, 0, 0, 1))), .node(there, Self.node(there, vtep: IPAddress(10, 98, 0, 102))),
            .network(network.id, network), .sandbox(sandbox.id, sandbox), .endpoint(network.id, endpoint.id, endpoint),
        ]
        remote = remotes.prefix(count).map { .endpoint(network.id, $0.id, $0) }
        removal =
            (remotes.prefix(count) + [endpoint]).map { .endpoint(network.id, $0.id, nil) }
            + [.sandbox(sandbox.id, nil), .network(network.id, nil)]
    }

    private static func network(_ generator: inout some RandomNumberGenerator) throws -> NetworkRecord {
        let pool = Subnet(containing: IPAddress(10, 10, 0, 0), prefixLength: 16)
        return NetworkRecord(
            id: NetworkID(random: &generator), name: "bench", driver: .overlay, vni: try VNI(998),
            subnets: [SubnetRecord(pool: pool, gateway: IPAddress(10, 10, 255, 254))], isInternal: true, created: Timestamp(nanoseconds: 0))
    }

    private static func node(_ id: NodeID, vtep: IPAddress) -> NodeRecord {
        NodeRecord(
            id: id, hostname: "bench", vtep: vtep, advertise: "\(vtep):2376", epoch: Epoch(1), version: SkeinVersion.current,
            kernelVersion: "", operatingSystem: "", underlayMTU: 1500, joined: Timestamp(nanoseconds: 0))
    }

    private static func endpoint(
        _ number: Int, of network: NetworkID, on node: NodeID, in sandbox: SandboxID, _ generator: inout some RandomNumberGenerator
    ) throws -> EndpointRecord {
        let address = IPAddress(family: .v4, bits: IPAddress(10, 10, 0, 1).bits + UInt128(number))
        return EndpointRecord(
            id: EndpointID(random: &generator), network: network, name: try EndpointName("e\(number)"), addresses: [address],
            mac: MACAddress(of: address) ?? MACAddress(random: &generator), node: node, epoch: Epoch(1), sandbox: sandbox, interface: "eth0"
        )
    }
}
