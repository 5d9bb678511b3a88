import NetworkModel

/// Records for tests, with loopback addresses, since the asker's address says who asks.
///
/// `rose` is on `front` and `back`; `Lily`, of another node, and `tulip` are on `front`; `iris` is on `back`.
enum Garden {
    static let own: NodeID = id("a")
    static let front: NetworkID = id("1")
    static let back: NetworkID = id("2")
    static let rose = "127.1.0.2"
    static let tulip = "127.1.0.4"

    static func id<Subject>(_ digit: Character) -> Identifier<Subject> {
        var generator = Digits(digit: UInt64(digit.hexDigitValue ?? 0))
        return Identifier(random: &generator)
    }

    /// Makes ids of one digit repeated.
    private struct Digits: RandomNumberGenerator {
        let digit: UInt64
        mutating func next() -> UInt64 { digit &* 0x1111_1111_1111_1111 }
    }

    static func node(_ digit: Character) -> ViewChange {
        let record = NodeRecord(
            id: id(digit), hostname: "host-\(digit)", vtep: IPAddress(10, 99, 0, 1), advertise: "10.99.0.1:2376", epoch: Epoch(1),
            version: "0", kernelVersion: "6.1", operatingSystem: "Debian", underlayMTU: 1500, joined: Timestamp(nanoseconds: 0))
        return .node(id(digit), record)
    }

    static func network(_ digit: Character, _ name: String, _ subnet: String, isInternal: Bool = false) throws -> ViewChange {
        let record = NetworkRecord(
            id: id(digit), name: name, driver: .overlay, subnets: [SubnetRecord(pool: try Subnet(subnet))], isInternal: isInternal,
            created: Timestamp(nanoseconds: 0))
        return .network(id(digit), record)
    }

    static func endpoint(
        _ digit: Character, on network: Character, _ name: String, aliases: [String] = [], _ addresses: String..., node: Character = "a",
        sandbox: Character? = nil, interface: String = "eth0"
    ) throws -> ViewChange {
        let record = EndpointRecord(
            id: id(digit), network: id(network), name: try EndpointName(name), aliases: try aliases.map { try EndpointName($0) },
            addresses: try addresses.map { try IPAddress($0) }, mac: MACAddress(bits: 0x0242_0a00_0002), node: id(node), epoch: Epoch(1),
            sandbox: id(sandbox ?? digit), interface: interface)
        return .endpoint(id(network), id(digit), record)
    }

    static func records() throws -> [ViewChange] {
        [
            node("a"), node("b"), try network("1", "front", "127.1.0.0/16"), try network("2", "back", "127.2.0.0/16"),
            try endpoint("3", on: "1", "rose", rose, "fd00:1::2", sandbox: "3"),
            try endpoint("4", on: "2", "rose", "127.2.0.2", sandbox: "3", interface: "eth1"),
            try endpoint("5", on: "1", "Lily", aliases: ["flower"], "127.1.0.3", node: "b"),
            try endpoint("6", on: "2", "iris", aliases: ["flower"], "127.2.0.3", node: "b"),
            try endpoint("7", on: "1", "tulip", aliases: ["flower"], tulip),
        ]
    }

    /// As many endpoints of one alias, `crowd`, from 127.1.16.0 on.
    static func crowd(_ count: Int) throws -> [ViewChange] {
        try (0..<count).map { index in
            var generator = Digits(digit: UInt64(index + 1) &* 0x9e37_79b9_7f4a_7c15)
            let endpoint = EndpointID(random: &generator)
            let record = EndpointRecord(
                id: endpoint, network: front, name: try EndpointName("one-of-\(index)"), aliases: [try EndpointName("crowd")],
                addresses: [IPAddress(127, 1, 16 + UInt8(index / 256), UInt8(index % 256))], mac: MACAddress(bits: 1), node: own,
                epoch: Epoch(1),
                sandbox: SandboxID(random: &generator), interface: "eth0")
            return .endpoint(front, endpoint, record)
        }
    }
}
