import NetworkModel
import WorkerAPI

/// Records for tests: an id is one digit repeated, so that a failure reads well.
enum Canned {
    /// 2026-01-01T00:00:00.5Z.
    static let time = Timestamp(nanoseconds: 1_767_225_600_500_000_000)

    static func id<Subject>(_ digit: String) throws -> Identifier<Subject> {
        try Identifier(String(repeating: digit, count: 64))
    }

    static func node(_ hostname: String, digit: String, address: String) throws -> NodeRecord {
        NodeRecord(
            id: try id(digit), hostname: hostname, vtep: try IPAddress(address), advertise: "\(address):2376", epoch: Epoch(1),
            version: "0.1.0", kernelVersion: "6.1.0-18-amd64", operatingSystem: "Debian GNU/Linux 12 (bookworm)", underlayMTU: 1500,
            joined: time)
    }

    static func endpoint(_ name: String, digit: String, address: String) throws -> EndpointRecord {
        EndpointRecord(
            id: try id(digit), network: try id("1"), name: try EndpointName(name), addresses: [try IPAddress(address)],
            mac: try MACAddress("02:42:0a:00:00:02"), node: try id("a"), epoch: Epoch(1), sandbox: try id(digit), interface: "eth0")
    }

    static func sandbox(
        _ name: String, digit: String, labels: [String: String] = [:], attachments: [SandboxDetail.Attachment] = []
    ) throws -> SandboxDetail {
        let record = SandboxRecord(id: try id(digit), name: try EndpointName(name), node: try id("a"), created: time, labels: labels)
        return SandboxDetail(
            sandbox: record, node: try node("node-1", digit: "a", address: "192.168.0.11"), attachments: attachments,
            namespacePath: "/run/netns/sk-\(name)", resolvConfPath: "/etc/netns/sk-\(name)/resolv.conf")
    }

    /// `multi` with `demo1` on it; `net10` and `net9`, local and labelled; one node that is alive and one that is gone.
    static func garden() throws -> CannedDaemon.State {
        var state = CannedDaemon.State()
        let multi = NetworkRecord(
            id: try id("1"), name: "multi", driver: .overlay, vni: try VNI(256),
            subnets: [SubnetRecord(pool: try Subnet("10.0.0.0/24"), gateway: try IPAddress("10.0.0.1"))], created: time)
        let ranged = SubnetRecord(
            pool: try Subnet("10.7.0.0/16"), subPool: try Subnet("10.7.8.0/24"), gateway: try IPAddress("10.7.8.1"),
            auxiliary: ["router": try IPAddress("10.7.8.9")], isUserDefined: true, isGatewayUserDefined: true)
        let local = NetworkRecord(
            id: try id("2"), name: "net10", driver: .bridge, subnets: [ranged], labels: ["tier": "back"], isInternal: true, created: time)
        state.networks = [multi, local, NetworkRecord(id: try id("3"), name: "net9", driver: .bridge, created: time)]
        let endpoint = try endpoint("demo1", digit: "5", address: "10.0.0.2")
        state.endpoints = [endpoint]
        state.sandboxes = [
            try sandbox("demo1", digit: "5", labels: ["tier": "front"], attachments: [.init(endpoint: endpoint, network: multi)])
        ]
        state.nodes = [
            NodeDetail(id: try id("a"), record: try node("node-1", digit: "a", address: "192.168.0.11"), sandboxes: 1, endpoints: 1),
            NodeDetail(id: try id("b"), record: nil, endpoints: 2),
        ]
        return state
    }
}
