import DesiredState
import NetworkModel
import Testing

@Suite struct `The plan of a container engine's endpoint` {
    private func endpoint(sandbox: String = "12") throws -> ViewChange {
        try Fixture.endpoint("12", on: "1", at: ["10.0.1.7"], sandbox: sandbox, interface: "", mac: "02:42:0a:00:01:07", kind: .engine)
    }

    private func plan(_ changes: [ViewChange]) throws -> AttachmentPlan? {
        try Fixture.state(changes).attachment(try Fixture.id("12"), of: try Fixture.id("1"))
    }

    @Test func `needs no record of a sandbox, and has nothing on its far end`() throws {
        let plan = try #require(try plan(try Fixture.garden() + [try endpoint()]))
        #expect(plan.place == .engine)
        #expect(plan.device == nil)
        #expect(plan.port == "v121212121212")
        #expect(plan.mac == (try MACAddress("02:42:0a:00:01:07")))
        #expect(plan.mtu == 1450)
    }

    @Test func `is the same when its container is told`() throws {
        let before = try plan(try Fixture.garden() + [try endpoint()])
        let after = try plan(try Fixture.garden() + [try endpoint(sandbox: "5"), try Fixture.sandbox("5", kind: .engine)])
        #expect(before == after)
    }

    @Test func `is none for kinds that nobody here looks after`() throws {
        for kind in [SandboxRecord.Kind.cni, .unknown] {
            let endpoint = try Fixture.endpoint("12", on: "1", at: ["10.0.1.7"], sandbox: "12", interface: "", kind: kind)
            #expect(try plan(try Fixture.garden() + [endpoint]) == nil)
        }
    }

    @Test func `brings its network to this host by itself`() throws {
        let state = try Fixture.state([
            try Fixture.node("a", vtep: "10.9.0.1"), try Fixture.network("1", subnets: [("10.0.1.0/24", "10.0.1.1")]), try endpoint(),
        ])
        #expect(state.plan(of: try Fixture.id("1")).plan != nil)
        #expect(state.neighbour(at: IPAddress(10, 0, 1, 7), in: try Fixture.id("1")) == .value(try MACAddress("02:42:0a:00:01:07")))
    }

    @Test func `is waited for in its network alone`() throws {
        let state = try Fixture.state(try Fixture.garden() + [try endpoint()])
        let home = try #require(state.home(of: try Fixture.id("12")))
        #expect(home.network == (try Fixture.id("1")))
        #expect(home.sandbox == nil)
        #expect(state.home(of: try Fixture.id("10"))?.sandbox == (try Fixture.id("1")))
    }

    @Test func `may have a device on the host while nothing is decided, and not once it is gone`() throws {
        let (id, network): (EndpointID, NetworkID) = (try Fixture.id("12"), try Fixture.id("1"))
        var state = try Fixture.state([try Fixture.network("1", subnets: []), try endpoint()])
        #expect(state.attachment(id, of: network) == nil)
        #expect(state.mayHaveEngineDevice(id, of: network))
        _ = state.apply([try Fixture.node("a", vtep: "10.9.0.1")])
        #expect(state.attachment(id, of: network) != nil)
        #expect(state.mayHaveEngineDevice(id, of: network))
        _ = state.apply([try Fixture.endpointGone("12", on: "1")])
        #expect(!state.mayHaveEngineDevice(id, of: network))
    }
}
