import DesiredState
import NetworkModel
import Testing

@Suite struct `The plan of a network` {
    private func plan(_ network: ViewChange, own: ViewChange? = nil) throws -> NetworkPlan {
        let own = try own ?? Fixture.node("a", vtep: "10.9.0.1")
        let state = try Fixture.state([own, network, try Fixture.endpoint("10", on: "1", at: [])])
        return try #require(state.plan(of: try Fixture.id("1")).plan)
    }

    @Test(arguments: [
        ("10.9.0.1", 1500, nil, 1450), ("fd00::1", 1500, nil, 1430), ("10.9.0.1", 1400, nil, 1350), ("10.9.0.1", 1500, "9000", 8950),
        ("fd00::1", 1500, "1400", 1330), ("10.9.0.1", 60, nil, 68),
    ])
    func `has the underlay's MTU less what VXLAN adds`(vtep: String, underlay: Int, option: String?, mtu: Int) throws {
        let options = option.map { [NetworkOption.mtu: $0] } ?? [:]
        let network = try Fixture.network("1", subnets: [("10.0.1.0/24", "10.0.1.1")], options: options)
        #expect(try plan(network, own: try Fixture.node("a", vtep: vtep, mtu: underlay)).mtu == mtu)
    }

    @Test(arguments: [(nil, 1500), ("1300", 1300)]) func `of one host has the whole MTU`(option: String?, mtu: Int) throws {
        let options = option.map { [NetworkOption.mtu: $0] } ?? [:]
        let network = try Fixture.network("1", driver: .bridge, subnets: [("10.0.1.0/24", "10.0.1.1")], options: options)
        let plan = try plan(network)
        #expect(plan.mtu == mtu)
        #expect(plan.segment == nil)
    }

    @Test(arguments: [
        ([("10.0.1.0/24", "10.0.1.1")], "02:42:0a:00:01:01"),
        ([("fd00::/64", "fd00::1"), ("10.0.1.0/24", "10.0.1.9")], "02:42:0a:00:01:09"),
        ([("fd00:1:2:3::/64", "fd00:1:2:3::5")], "02:42:fd02:0007".replaced), ([], "02:42:11:11:11:11"),
    ])
    func `has one gateway MAC on every host`(subnets: [(String, String)], mac: String) throws {
        let network = try Fixture.network("1", subnets: subnets.map { (pool: $0.0, gateway: $0.1) })
        #expect(try plan(network).gatewayMAC == (try MACAddress(mac)))
    }

    @Test func `has a way out for each family that has a gateway, and none if it is internal`() throws {
        let subnets: [(String, String?)] = [("10.0.1.0/24", "10.0.1.1"), ("fd00::/64", nil)]
        #expect(try plan(try Fixture.network("1", subnets: subnets)).uplinkFamilies == [.v4])
        #expect(try plan(try Fixture.network("1", subnets: subnets, isInternal: true)).uplinkFamilies == [])
    }

    @Test func `is absent without an endpoint here, or without its record`() throws {
        let network = try Fixture.network("1", subnets: [])
        let own = try Fixture.node("a", vtep: "10.9.0.1")
        let remote = try Fixture.endpoint("10", on: "1", at: [], node: "b")
        #expect(try Fixture.state([own, network, remote]).plan(of: try Fixture.id("1")) == .absent)
        #expect(try Fixture.state([own, try Fixture.endpoint("10", on: "1", at: [])]).plan(of: try Fixture.id("1")) == .absent)
    }

    @Test func `is not decided while this node or the driver is not known`() throws {
        let local = [try Fixture.endpoint("10", on: "1", at: []), try Fixture.sandbox("1")]
        let views = [
            local + [try Fixture.network("1", subnets: [])],
            local + [try Fixture.node("a", vtep: "10.9.0.1"), try Fixture.network("1", driver: .unknown, subnets: [])],
        ]
        for view in views {
            let state = try Fixture.state(view)
            guard case .undecided = state.plan(of: try Fixture.id("1")), case .undecided = state.sandboxPlan(of: try Fixture.id("1")) else {
                Issue.record("decided: \(state.plan(of: try Fixture.id("1")))")
                continue
            }
        }
    }

    @Test func `stays as it is when this node's own record goes`() throws {
        var state = try Fixture.state(try Fixture.garden())
        let before = state
        let touched = state.apply([.node(try Fixture.id("a"), nil)])
        #expect(touched == Touched())
        #expect(state == before)
    }
}

@Suite struct `The plan of a sandbox` {
    private func plan(_ changes: [ViewChange]) throws -> SandboxPlan {
        try #require(try Fixture.state(changes).sandboxPlan(of: try Fixture.id("1")).plan)
    }

    @Test func `has its networks in the order of its devices`() throws {
        #expect(try plan(try Fixture.garden()).devices.map(\.interface) == ["eth2", "eth10"])
    }

    @Test func `leads out by the first network that is not internal`() throws {
        let routes = try plan(try Fixture.garden()).defaultRoutes
        #expect(routes.map(\.gateway.description) == ["10.0.1.1", "fd00:1::1"])
        #expect(routes.allSatisfy { $0.interface == "eth10" })
    }

    @Test func `asks the gateways of its networks, three at most`() throws {
        let more = [
            try Fixture.network("3", subnets: [("10.0.3.0/24", "10.0.3.1")]),
            try Fixture.endpoint("30", on: "3", at: ["10.0.3.2"], interface: "eth11"),
        ]
        let file = try #require(try plan(try Fixture.garden() + more).files["resolv.conf"])
        let lines = file.split(separator: "\n")
        #expect(lines.dropFirst() == ["nameserver 10.0.2.1", "nameserver 10.0.1.1", "nameserver fd00:1::1", "options ndots:0"])
        #expect(SandboxFileHeader(of: file)?.sandbox == (try Fixture.id("1")))
    }

    @Test func `knows its own name without asking`() throws {
        let hosts = try #require(try plan(try Fixture.garden()).files["hosts"])
        #expect(hosts.contains("10.0.1.2 box1\n") && hosts.contains("fd00:1::2 box1\n") && hosts.contains("127.0.0.1 localhost\n"))
    }

    @Test(arguments: ["", "nameserver 1.1.1.1\n", "# Of the sandbox xyz; skein-worker overwrites what is changed here\n"])
    func `does not take somebody else's file for its own`(file: String) {
        #expect(SandboxFileHeader(of: file) == nil)
    }

    @Test func `is only made for sandboxes that Skein makes`() throws {
        let state = try Fixture.state(try Fixture.garden() + [try Fixture.sandbox("1", kind: .engine)])
        #expect(state.sandboxPlan(of: try Fixture.id("1")) == .absent)
        #expect(state.attachment(try Fixture.id("10"), of: try Fixture.id("1")) == nil)
    }
}

extension String {
    /// `02:42:fd02:0007` as bytes: the folded words of fd00:1:2:3::5 are fd00^2 and 1^3^5.
    fileprivate var replaced: String { "02:42:fd:02:00:07" }
}
