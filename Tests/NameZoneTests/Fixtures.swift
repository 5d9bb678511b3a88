import NameZone
import NetworkModel

/// Records for tests: an id is one digit repeated, so that a failure reads well.
enum Fixture {
    static func id<Subject>(_ digit: String) throws -> Identifier<Subject> {
        try Identifier(String(repeating: digit, count: Identifier<Subject>.length / digit.utf8.count))
    }

    static func node(_ digit: String) throws -> ViewChange {
        let id: NodeID = try id(digit)
        let record = NodeRecord(
            id: id, hostname: "host-\(digit)", vtep: IPAddress(10, 99, 0, 1), advertise: "10.99.0.1:2376", epoch: Epoch(1), version: "0",
            kernelVersion: "6.1", operatingSystem: "Debian", underlayMTU: 1500, joined: Timestamp(nanoseconds: 0))
        return .node(id, record)
    }

    static func nodeGone(_ digit: String) throws -> ViewChange {
        .node(try id(digit), nil)
    }

    static func network(_ digit: String, name: String, subnets: [String], isInternal: Bool = false) throws -> ViewChange {
        let id: NetworkID = try id(digit)
        let record = NetworkRecord(
            id: id, name: name, driver: .overlay, subnets: try subnets.map { SubnetRecord(pool: try Subnet($0)) }, isInternal: isInternal,
            created: Timestamp(nanoseconds: 0))
        return .network(id, record)
    }

    static func endpoint(
        _ digit: String, on network: String, name: String, aliases: [String] = [], addresses: [String], node: String = "a",
        sandbox: String? = nil, interface: String = "eth0", links: [String: String] = [:]
    ) throws -> ViewChange {
        let (id, networkID): (EndpointID, NetworkID) = (try id(digit), try Self.id(network))
        let record = EndpointRecord(
            id: id, network: networkID, name: try EndpointName(name), aliases: try aliases.map { try EndpointName($0) },
            addresses: try addresses.map { try IPAddress($0) }, mac: MACAddress(bits: 0x0242_0a00_0002),
            node: try Self.id(node), epoch: Epoch(1), sandbox: try Self.id(sandbox ?? digit), interface: interface,
            links: try links.mapValues { try EndpointName($0) })
        return .endpoint(networkID, id, record)
    }

    static func endpointGone(_ digit: String, on network: String) throws -> ViewChange {
        .endpoint(try id(network), try id(digit), nil)
    }

    static func sandbox(_ digit: String, runtimeID: String?) throws -> ViewChange {
        let id: SandboxID = try id(digit)
        let record = SandboxRecord(
            id: id, name: try EndpointName("s\(digit)"), node: try Self.id("a"), kind: .engine, runtimeID: runtimeID,
            created: Timestamp(nanoseconds: 0))
        return .sandbox(id, record)
    }

    /// A zone of node `a` in which the given networks are in sync.
    static func zone(_ changes: [ViewChange], inSync networks: [String] = ["1", "2"]) throws -> NameZone {
        var zone = NameZone(node: try id("a"))
        zone.apply(changes)
        for network in networks { zone.setInSync(true, try id(network)) }
        return zone
    }

    static func asker(_ address: String, in network: String = "1") throws -> Asker {
        Asker(network: try id(network), address: try IPAddress(address))
    }

    static func addresses(_ texts: String...) throws -> NameAnswer {
        .addresses(try texts.map { try IPAddress($0) })
    }

    /// Two networks: `rose` on both, with `lily` beside it on `front` and `iris` on `back`.
    static func garden() throws -> [ViewChange] {
        [
            try node("a"), try node("b"),
            try network("1", name: "front", subnets: ["10.0.1.0/24", "fd00:1::/64"]),
            try network("2", name: "back", subnets: ["10.0.2.0/24"]),
            try endpoint("3", on: "1", name: "rose", addresses: ["10.0.1.2", "fd00:1::2"], sandbox: "3"),
            try endpoint("4", on: "2", name: "rose", addresses: ["10.0.2.2"], sandbox: "3", interface: "eth1"),
            try endpoint("5", on: "1", name: "Lily", aliases: ["flower"], addresses: ["10.0.1.3"], node: "b"),
            try endpoint("6", on: "2", name: "iris", aliases: ["flower"], addresses: ["10.0.2.3"], node: "b"),
            try endpoint("7", on: "1", name: "tulip", aliases: ["flower"], addresses: ["10.0.1.4"]),
        ]
    }
}
