import EngineAPI
import NetworkModel

/// Records for tests: an id is one digit repeated, so that a failure reads well.
enum Canned {
    /// 2026-01-01T00:00:00Z.
    static let time = Timestamp(nanoseconds: 1_767_225_600_000_000_000)

    static func id<Subject>(_ digit: String) throws -> Identifier<Subject> {
        try Identifier(String(String(repeating: digit, count: 64).prefix(64)))
    }

    static func network(
        _ name: String, digit: String, driver: NetworkDriver = .overlay, subnets: [SubnetRecord] = [], labels: [String: String] = [:]
    ) throws -> NetworkRecord {
        NetworkRecord(id: try id(digit), name: name, driver: driver, subnets: subnets, labels: labels, created: time)
    }

    /// A subnet as the allocator chooses one.
    static func allocated(_ pool: String, gateway: String) throws -> SubnetRecord {
        SubnetRecord(pool: try Subnet(pool), gateway: try IPAddress(gateway))
    }

    static func endpoint(_ name: String, digit: String, on network: String, address: String) throws -> EndpointRecord {
        EndpointRecord(
            id: try id(digit), network: try id(network), name: try EndpointName(name), addresses: [try IPAddress(address)],
            mac: try MACAddress("02:42:0a:00:00:02"), node: try id("a"), epoch: Epoch(1), sandbox: try id("5"), interface: "eth0")
    }

    static func node(_ hostname: String, digit: String, address: String) throws -> NodeRecord {
        NodeRecord(
            id: try id(digit), hostname: hostname, vtep: try IPAddress(address), advertise: "\(address):2376", epoch: Epoch(1),
            version: "0.1.0", kernelVersion: "6.1.0-18-amd64", operatingSystem: "Debian GNU/Linux 12 (bookworm)", underlayMTU: 1500,
            joined: time)
    }

    /// `multi` with one endpoint, and `spare` with none.
    static func garden(_ state: inout CannedBackend.State) throws {
        state.networks = [
            try network(
                "spare", digit: "2", driver: .bridge,
                subnets: [
                    SubnetRecord(
                        pool: try Subnet("10.7.0.0/16"), subPool: try Subnet("10.7.8.0/24"), gateway: try IPAddress("10.7.8.1"),
                        auxiliary: ["router": try IPAddress("10.7.8.9")], isUserDefined: true, isGatewayUserDefined: true)
                ], labels: ["tier": "back"]),
            try network("multi", digit: "1", subnets: [try allocated("10.0.0.0/24", gateway: "10.0.0.1")]),
        ]
        state.endpoints = [try endpoint("demo1", digit: "e", on: "1", address: "10.0.0.2")]
        state.peers = [try node("node-1", digit: "a", address: "192.168.0.11")]
        state.info.nodes = [
            .init(id: try id("a"), record: state.peers[0], sandboxes: 2, endpoints: 1), .init(id: try id("b"), record: nil),
        ]
    }
}

extension Canned {
    /// A backend that has the networks of ``garden(_:)``.
    static func backend(_ adjust: (inout CannedBackend.State) throws -> Void = { _ in }) throws -> CannedBackend {
        var state = CannedBackend.State()
        try garden(&state)
        try adjust(&state)
        return CannedBackend { $0 = state }
    }
}
