import ClusterCatalog
import EngineClient
import NetworkModel
import TestSupport
import Testing

@testable import WorkerService

@Suite struct `Comparing networks` {
    private static func network(_ id: String, _ name: String = "multi", option: String? = nil) throws -> HostedNetwork {
        HostedNetwork(
            id: try EngineNetworkID(id),
            spec: HostedNetworkSpec(
                name: name, driver: "skein", ipamDriver: "skein", options: option.map { [EngineOption.network: $0] } ?? [:]))
    }

    private static func record(
        _ id: String, _ name: String = "multi", driver: NetworkDriver = .overlay, state: NetworkRecord.State = .active
    ) throws -> NetworkRecord {
        NetworkRecord(id: try NetworkID(id), name: name, driver: driver, created: FixedTime().now(), state: state)
    }

    /// One state of affairs, and what is to be done about it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var records: [NetworkRecord] = []
        var listed: [HostedNetwork] = []
        var journal: [String: String] = [:]
        var gone: [String] = []
        var missedBefore: [String] = []
        let actions: [NetworkComparison.Action]
    }

    @Test(arguments: try cases()) func `tells what to do`(one: Case) throws {
        let comparison = NetworkComparison(
            records: Dictionary(uniqueKeysWithValues: one.records.map { ($0.id, $0) }), listed: one.listed,
            journal: Dictionary(
                uniqueKeysWithValues: try one.journal.map { (try EngineNetworkID($0.key), try NetworkID($0.value)) }),
            gone: Set(try one.gone.map { try EngineNetworkID($0) }), missedBefore: Set(try one.missedBefore.map { try EngineNetworkID($0) })
        )
        #expect(comparison.actions == one.actions)
    }

    static func cases() throws -> [Case] { try settledCases() + differences() + races() }

    private static func settledCases() throws -> [Case] {
        [
            Case(testDescription: "nothing anywhere", actions: []),
            Case(
                testDescription: "a twin in its place", records: [try record("a")], listed: [try network("1", option: "a")],
                journal: ["1": "a"], actions: []),
            Case(
                testDescription: "a user's network that was recorded", records: [try record("1")], listed: [try network("1")],
                journal: ["1": "1"], actions: []),
            Case(
                testDescription: "one that is being removed may go or stay",
                records: [try record("a", state: .removing), try record("b", "x", state: .removing)],
                listed: [try network("1", option: "a")], journal: ["1": "a"], actions: []),
            Case(testDescription: "a kind that a newer peer made", records: [try record("a", driver: .unknown)], actions: []),
            Case(
                testDescription: "a user's second name for a network", records: [try record("a")],
                listed: [try network("1", option: "a"), try network("2", "other", option: "a")], journal: ["1": "a", "2": "a"], actions: []),
        ]
    }

    private static func differences() throws -> [Case] {
        let (a, b) = (try record("a", "alpha"), try record("b", "beta"))
        return [
            Case(testDescription: "the engine was down when they were made", records: [b, a], actions: [.make(a), .make(b)]),
            Case(
                testDescription: "the cluster has it no longer", listed: [try network("1", option: "a")], journal: ["1": "a"],
                actions: [.drop(try network("1", option: "a"), a.id)]),
            Case(
                testDescription: "the cluster has it no longer, and the journal is lost", listed: [try network("1", option: "a")],
                actions: [.remember(try EngineNetworkID("1"), a.id), .drop(try network("1", option: "a"), a.id)]),
            Case(
                testDescription: "the journal is lost", records: [a, b],
                listed: [try network("1", "alpha", option: "a"), try network("b", "beta")],
                actions: [.remember(try EngineNetworkID("1"), a.id), .remember(try EngineNetworkID("b"), b.id)]),
            Case(
                testDescription: "a user made one", records: [a], listed: [try network("2", "new")],
                actions: [.takeUp(try network("2", "new")), .make(a)]),
            Case(
                testDescription: "the journal knows more than the engine", records: [], journal: ["1": "a", "2": "b"], missedBefore: ["2"],
                actions: [.forget(try EngineNetworkID("2"))]),
        ]
    }

    private static func races() throws -> [Case] {
        let a = try record("a")
        return [
            Case(
                testDescription: "two engines made one name", records: [a], listed: [try network("1")],
                actions: [.takeUp(try network("1")), .make(a)]),
            Case(
                testDescription: "a user makes the name of a twin that the engine has", records: [a],
                listed: [try network("1", option: "a"), try network("2")], journal: ["1": "a"], actions: [.takeUp(try network("2"))]),
            Case(
                testDescription: "twins of one name", records: [a], listed: [try network("2", option: "a"), try network("1", option: "a")],
                journal: ["1": "a", "2": "a"], actions: [.dropDuplicate(try network("2", option: "a"))]),
            Case(
                testDescription: "a twin beside the network itself", records: [a],
                listed: [try network("1", option: "a"), try network("a")], journal: ["1": "a", "a": "a"],
                actions: [.dropDuplicate(try network("1", option: "a"))]),
            Case(
                testDescription: "the engine deletes it and lists it still", listed: [try network("1")], gone: ["1"], actions: []),
            Case(
                testDescription: "deleted at the engine, and in use elsewhere", records: [a], listed: [try network("1", option: "a")],
                gone: ["1"], actions: [.make(a)]),
        ]
    }
}

@Suite struct `What a user's network asks of the cluster` {
    private func proposal(
        _ ipamDriver: String, isIPv6Enabled: Bool = false, _ subnets: (String, String?)...
    ) throws -> NetworkProposal {
        let subnets = try subnets.map { HostedSubnet(pool: try Subnet($0.0), gateway: try $0.1.map { try IPAddress($0) }) }
        let spec = HostedNetworkSpec(
            name: "multi", driver: "skein", ipamDriver: ipamDriver, subnets: subnets, options: ["o": "1"], labels: ["l": "2"],
            isInternal: true, isIPv6Enabled: isIPv6Enabled, isAttachable: true)
        return try NetworkProposal(HostedNetwork(id: try EngineNetworkID("ab"), spec: spec))
    }

    @Test func `with our address management is itself, under its own id`() throws {
        let proposal = try proposal("skein", ("10.77.0.0/16", nil), ("10.78.0.0/16", "10.78.0.1"))
        let subnets = [
            SubnetRecord(pool: try Subnet("10.77.0.0/16"), isUserDefined: true),
            SubnetRecord(
                pool: try Subnet("10.78.0.0/16"), gateway: try IPAddress("10.78.0.1"), isUserDefined: true, isGatewayUserDefined: true),
        ]
        #expect(
            proposal.request
                == NetworkRequest(
                    id: try NetworkID("ab"), name: "multi", subnets: subnets, options: ["o": "1"], labels: ["l": "2"], isInternal: true,
                    isAttachable: true))
        #expect(proposal.keepsNetwork)
        #expect(proposal.alternative == nil)
    }

    @Test func `with a pool that nobody chose may get another when that one is taken`() throws {
        let proposal = try proposal("skein", isIPv6Enabled: true, ("10.0.3.0/24", "10.0.3.1"), ("fd01:2:3::/64", "fd01:2:3::1"))
        #expect(proposal.request.subnets.map(\.isUserDefined) == [false, false])
        #expect(proposal.alternative?.id == nil)
        #expect(proposal.alternative?.subnets == [])
        #expect(proposal.alternative?.isIPv6Enabled == true)
    }

    @Test(arguments: [
        ("172.18.0.0/16", "172.18.0.1", false), ("192.168.16.0/20", "192.168.16.1", false), ("172.18.0.0/16", nil, true),
        ("172.18.0.0/16", "172.18.0.9", true), ("172.18.0.0/24", "172.18.0.1", true), ("10.77.0.0/16", "10.77.0.1", true),
        ("172.16.0.0/16", "172.16.0.1", true),
    ])
    func `of an engine's own addresses keeps what the user chose`(pool: String, gateway: String?, isKept: Bool) throws {
        let proposal = try proposal("default", (pool, gateway))
        #expect(!proposal.keepsNetwork)
        #expect(proposal.request.id == nil)
        #expect(proposal.request.subnets.map(\.pool) == (isKept ? [try Subnet(pool)] : []))
        #expect(proposal.alternative == nil)
    }

    @Test func `without addresses has none`() throws {
        let proposal = try proposal("null", ("0.0.0.0/0", nil))
        #expect(proposal.keepsNetwork)
        #expect(proposal.request.ipamDriver == "null")
        #expect(proposal.request.subnets.isEmpty)
    }

    @Test func `of a foreign address management is refused`() throws {
        #expect(throws: (any Error).self) { try proposal("weavemesh", ("10.32.0.0/12", nil)) }
    }

    @Test func `comes back to every engine as it was asked for`() throws {
        let subnet = SubnetRecord(
            pool: try Subnet("10.77.0.0/16"), subPool: try Subnet("10.77.8.0/24"), gateway: try IPAddress("10.77.0.1"),
            auxiliary: ["a": try IPAddress("10.77.0.9")])
        var record = NetworkRecord(
            id: try NetworkID("ab"), name: "multi", driver: .overlay, subnets: [subnet, SubnetRecord(pool: try Subnet("fd00::/64"))],
            options: ["o": "1"], labels: ["l": "2"], isInternal: true, isAttachable: true, created: FixedTime().now())
        let twin = HostedNetworkSpec(twinOf: record)
        #expect((twin.name, twin.driver, twin.ipamDriver) == ("multi", "skein", "skein"))
        #expect(twin.ipamOptions == ["com.skein.network": "ab"])
        #expect(twin.options == ["com.skein.network": "ab", "o": "1"])
        #expect(twin.labels == ["l": "2"])
        #expect((twin.isInternal, twin.isIPv6Enabled, twin.isAttachable) == (true, true, true))
        #expect(
            twin.subnets.first
                == HostedSubnet(
                    pool: subnet.pool, subPool: subnet.subPool, gateway: subnet.gateway, auxiliary: ["a": try IPAddress("10.77.0.9")]))
        record.ipamDriver = "null"
        record.subnets = []
        #expect(HostedNetworkSpec(twinOf: record).ipamDriver == "null")
        #expect(!HostedNetworkSpec(twinOf: record).isIPv6Enabled)
    }
}
