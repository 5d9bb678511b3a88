import DesiredState
import NetworkModel

/// Records for tests; this node is `a`.
enum Fixture {
    static func id<Subject>(_ digits: String) throws -> Identifier<Subject> {
        try Identifier(String(repeating: digits, count: Identifier<Subject>.length / digits.utf8.count))
    }

    static func node(_ digit: String, vtep: String, mtu: Int = 1500) throws -> ViewChange {
        let id: NodeID = try id(digit)
        let record = NodeRecord(
            id: id, hostname: digit, vtep: try IPAddress(vtep), advertise: "\(vtep):2376", epoch: Epoch(1), version: "0",
            kernelVersion: "6.1",
            operatingSystem: "Debian", underlayMTU: mtu, joined: Timestamp(nanoseconds: 0))
        return .node(id, record)
    }

    static func network(
        _ digit: String, driver: NetworkDriver = .overlay, subnets: [(pool: String, gateway: String?)], isInternal: Bool = false,
        options: [String: String] = [:]
    ) throws -> ViewChange {
        let id: NetworkID = try id(digit)
        let record = NetworkRecord(
            id: id, name: digit, driver: driver, vni: driver == .overlay ? try VNI(256) : nil,
            subnets: try subnets.map { SubnetRecord(pool: try Subnet($0.pool), gateway: try $0.gateway.map { try IPAddress($0) }) },
            options: options, isInternal: isInternal, created: Timestamp(nanoseconds: 0))
        return .network(id, record)
    }

    static func endpoint(
        _ digits: String, on network: String, at addresses: [String], node: String = "a", sandbox: String = "1", interface: String = "eth0",
        mac: String = "02:42:00:00:00:01", kind: SandboxRecord.Kind = .native
    ) throws -> ViewChange {
        let (id, networkID): (EndpointID, NetworkID) = (try id(digits), try Self.id(network))
        let record = EndpointRecord(
            id: id, network: networkID, name: try EndpointName("e\(digits)"), addresses: try addresses.map { try IPAddress($0) },
            mac: try MACAddress(mac), node: try Self.id(node), epoch: Epoch(1), sandbox: try Self.id(sandbox), kind: kind,
            interface: interface)
        return .endpoint(networkID, id, record)
    }

    static func endpointGone(_ digits: String, on network: String) throws -> ViewChange {
        .endpoint(try id(network), try id(digits), nil)
    }

    static func sandbox(_ digit: String, kind: SandboxRecord.Kind = .native) throws -> ViewChange {
        let id: SandboxID = try id(digit)
        return .sandbox(
            id,
            SandboxRecord(
                id: id, name: try EndpointName("box\(digit)"), node: try Self.id("a"), kind: kind, created: Timestamp(nanoseconds: 0)))
    }

    static func state(_ changes: [ViewChange]) throws -> DesiredState {
        var state = DesiredState(node: try id("a"), vxlanPort: 4789)
        _ = state.apply(changes)
        return state
    }

    /// Two networks with endpoints here and on two other nodes.
    static func garden() throws -> [ViewChange] {
        [
            try node("a", vtep: "10.9.0.1"), try node("b", vtep: "10.9.0.2"), try node("c", vtep: "10.9.0.3"), try sandbox("1"),
            try network("1", subnets: [("10.0.1.0/24", "10.0.1.1"), ("fd00:1::/64", "fd00:1::1")]),
            try network("2", subnets: [("10.0.2.0/24", "10.0.2.1")], isInternal: true, options: [NetworkOption.flood: "true"]),
            try endpoint("10", on: "1", at: ["10.0.1.2", "fd00:1::2"], interface: "eth10", mac: "02:42:0a:00:01:02"),
            try endpoint("20", on: "2", at: ["10.0.2.2"], interface: "eth2", mac: "02:42:0a:00:02:02"),
            try endpoint("11", on: "1", at: ["10.0.1.3", "fd00:1::3"], node: "b", mac: "02:42:0a:00:01:03"),
            try endpoint("21", on: "2", at: ["10.0.2.3"], node: "c", mac: "02:42:0a:00:02:03"),
        ]
    }
}
