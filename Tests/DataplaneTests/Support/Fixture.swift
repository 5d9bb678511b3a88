import NetworkModel

/// Records for tests: an id is one or two digits repeated, so that a failure reads well. This node is `a`.
enum Fixture {
    static func id<Subject>(_ digits: String) throws -> Identifier<Subject> {
        try Identifier(String(repeating: digits, count: Identifier<Subject>.length / digits.utf8.count))
    }

    static let vteps = ["a": IPAddress(10, 97, 0, 1), "b": IPAddress(10, 97, 0, 2), "c": IPAddress(10, 97, 0, 3)]

    static func node(_ digit: String, vtep: IPAddress? = nil, mtu: Int = 1500) throws -> ViewChange {
        let id: NodeID = try id(digit)
        let record = NodeRecord(
            id: id, hostname: "host-\(digit)", vtep: vtep ?? vteps[digit] ?? IPAddress(10, 97, 0, 9), advertise: "10.97.0.1:2376",
            epoch: Epoch(1), version: "0", kernelVersion: "6.1", operatingSystem: "Debian", underlayMTU: mtu,
            joined: Timestamp(nanoseconds: 0))
        return .node(id, record)
    }

    static func nodeGone(_ digit: String) throws -> ViewChange { .node(try id(digit), nil) }

    static func network(
        _ digit: String, driver: NetworkDriver = .overlay, subnets: [(pool: String, gateway: String)], isInternal: Bool = false,
        options: [String: String] = [:]
    ) throws -> ViewChange {
        let id: NetworkID = try id(digit)
        let record = NetworkRecord(
            id: id, name: "network-\(digit)", driver: driver,
            vni: driver == .overlay ? try VNI(255 + (UInt32(digit, radix: 16) ?? 0)) : nil,
            subnets: try subnets.map { SubnetRecord(pool: try Subnet($0.pool), gateway: try IPAddress($0.gateway)) }, options: options,
            isInternal: isInternal, created: Timestamp(nanoseconds: 0))
        return .network(id, record)
    }

    static func networkGone(_ digit: String) throws -> ViewChange { .network(try id(digit), nil) }

    static func endpoint(
        _ digits: String, on network: String, at addresses: [String], node: String = "a", sandbox: String = "0", interface: String = "eth0",
        mac: String? = nil, kind: SandboxRecord.Kind = .native
    ) throws -> ViewChange {
        let (id, networkID): (EndpointID, NetworkID) = (try id(digits), try Self.id(network))
        let addresses = try addresses.map { try IPAddress($0) }
        let byAddress = addresses.lazy.compactMap { MACAddress(of: $0) }.first
        let record = EndpointRecord(
            id: id, network: networkID, name: try EndpointName("e\(digits)"), addresses: addresses,
            mac: try mac.map { try MACAddress($0) } ?? byAddress ?? MACAddress(bits: 0x0242_ffff_0000 | (UInt64(digits, radix: 16) ?? 0)),
            node: try Self.id(node), epoch: Epoch(1), sandbox: try Self.id(sandbox), kind: kind, interface: interface)
        return .endpoint(networkID, id, record)
    }

    /// An endpoint of a container engine, whose container is not told yet.
    static func engineEndpoint(_ digits: String, on network: String, at addresses: [String]) throws -> ViewChange {
        try endpoint(digits, on: network, at: addresses, sandbox: digits, interface: "", kind: .engine)
    }

    static func endpointGone(_ digits: String, on network: String) throws -> ViewChange {
        .endpoint(try id(network), try id(digits), nil)
    }

    static func sandbox(_ digit: String, name: String? = nil, kind: SandboxRecord.Kind = .native) throws -> ViewChange {
        let id: SandboxID = try id(digit)
        let record = SandboxRecord(
            id: id, name: try EndpointName(name ?? "box\(digit)"), node: try Self.id("a"), kind: kind,
            created: Timestamp(nanoseconds: 0))
        return .sandbox(id, record)
    }

    static func sandboxGone(_ digit: String) throws -> ViewChange { .sandbox(try id(digit), nil) }

    /// Network `1` has both families, `2` is internal, `3` is local, `4` floods and has no endpoint here.
    static func records() throws -> [ViewChange] {
        [
            try node("a"), try node("b"), try node("c"),
            try network("1", subnets: [("10.0.1.0/24", "10.0.1.1"), ("fd00:1::/64", "fd00:1::1")]),
            try network("2", subnets: [("10.0.2.0/24", "10.0.2.1")], isInternal: true, options: [NetworkOption.flood: "true"]),
            try network("3", driver: .bridge, subnets: [("172.18.0.0/16", "172.18.0.1")]),
            try network("4", subnets: [("10.0.4.0/24", "10.0.4.1")]),
        ]
    }

    /// Two sandboxes here, one of them on three networks, and endpoints of two other nodes.
    static func garden() throws -> [ViewChange] {
        try records() + [
            try sandbox("1"), try sandbox("2"),
            try endpoint("10", on: "1", at: ["10.0.1.2", "fd00:1::2"], sandbox: "1"),
            try endpoint("20", on: "2", at: ["10.0.2.2"], sandbox: "1", interface: "eth1"),
            try endpoint("30", on: "3", at: ["172.18.0.2"], sandbox: "1", interface: "eth2"),
            try endpoint("11", on: "1", at: ["10.0.1.3", "fd00:1::3"], sandbox: "2"),
            try endpoint("12", on: "1", at: ["10.0.1.4", "fd00:1::4"], node: "b"),
            try endpoint("13", on: "1", at: ["10.0.1.5", "fd00:1::5"], node: "c"),
            try endpoint("22", on: "2", at: ["10.0.2.3"], node: "b"),
            try endpoint("44", on: "4", at: ["10.0.4.2"], node: "b"),
        ]
    }

    /// What is left of the garden when every sandbox of this node is gone.
    static func gone() throws -> [ViewChange] {
        [
            try endpointGone("10", on: "1"), try endpointGone("20", on: "2"), try endpointGone("30", on: "3"),
            try endpointGone("11", on: "1"),
            try sandboxGone("1"), try sandboxGone("2"),
        ]
    }
}
