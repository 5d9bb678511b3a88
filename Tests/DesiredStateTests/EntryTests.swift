import DesiredState
import NetworkModel
import TestSupport
import Testing

@Suite struct `The entries of a network` {
    private func network() throws -> NetworkID { try Fixture.id("1") }

    @Test func `say where each endpoint is`() throws {
        let state = try Fixture.state(try Fixture.garden())
        let mac = try MACAddress("02:42:0a:00:01:03")
        #expect(state.neighbour(at: IPAddress(10, 0, 1, 3), in: try network()) == .value(mac))
        #expect(state.forwarding(to: mac, in: try network()) == .value(IPAddress(10, 9, 0, 2)))
        #expect(state.neighbour(at: IPAddress(10, 0, 1, 2), in: try network()) == .value(try MACAddress("02:42:0a:00:01:02")))
        #expect(state.forwarding(to: try MACAddress("02:42:0a:00:01:02"), in: try network()) == .nothing)
        #expect(state.neighbour(at: IPAddress(10, 0, 1, 9), in: try network()) == .nothing)
    }

    @Test func `of a node without a record may be anything`() throws {
        let state = try Fixture.state(try Fixture.garden() + [.node(try Fixture.id("b"), nil)])
        #expect(state.neighbour(at: IPAddress(10, 0, 1, 3), in: try network()) == .anything)
        #expect(state.forwarding(to: try MACAddress("02:42:0a:00:01:03"), in: try network()) == .anything)
    }

    @Test func `of a VTEP of the other family are none`() throws {
        let state = try Fixture.state(try Fixture.garden() + [try Fixture.node("b", vtep: "fd00::2")])
        #expect(state.forwarding(to: try MACAddress("02:42:0a:00:01:03"), in: try network()) == .nothing)
    }

    @Test func `that two endpoints claim are this node's, else one's that can be reached`() throws {
        let mac = "02:42:0a:00:01:03"
        let other = try Fixture.endpoint("ff", on: "1", at: ["10.0.1.3"], node: "d", mac: mac)
        let local = try Fixture.endpoint("0f", on: "1", at: ["10.0.1.3"], mac: mac)
        let unknown = try Fixture.state(try Fixture.garden() + [other])
        #expect(unknown.forwarding(to: try MACAddress(mac), in: try network()) == .value(IPAddress(10, 9, 0, 2)))
        let known = try Fixture.state(try Fixture.garden() + [other, try Fixture.node("d", vtep: "10.9.0.4")])
        #expect(known.forwarding(to: try MACAddress(mac), in: try network()) == .value(IPAddress(10, 9, 0, 4)))
        let here = try Fixture.state(try Fixture.garden() + [other, local])
        #expect(here.forwarding(to: try MACAddress(mac), in: try network()) == .nothing)
    }

    @Test func `flood to the participants, as far as they are known`() throws {
        let flooding = try Fixture.state(try Fixture.garden()).flooding(in: try Fixture.id("2"))
        #expect(flooding.vteps == [IPAddress(10, 9, 0, 3)])
        #expect(flooding.isComplete)
        let less = try Fixture.state(try Fixture.garden() + [.node(try Fixture.id("c"), nil)]).flooding(in: try Fixture.id("2"))
        #expect(less.vteps.isEmpty && !less.isComplete)
        #expect(try Fixture.state(try Fixture.garden()).flooding(in: try network()).vteps.isEmpty)
    }

    @Test(arguments: [([String: String](), true), ([NetworkOption.flood: "false"], false)])
    func `flood where nobody knows the addresses, unless that is refused`(options: [String: String], isFlooding: Bool) throws {
        let changes = try Fixture.garden() + [try Fixture.network("1", subnets: [], options: options)]
        let state = try Fixture.state(changes)
        #expect(state.plan(of: try network()).plan?.segment?.isFlooding == isFlooding)
        #expect(state.flooding(in: try network()).vteps.isEmpty != isFlooding)
    }

    @Test func `are touched by what changes them, and by nothing else`() throws {
        var state = try Fixture.state(try Fixture.garden())
        let added = state.apply([try Fixture.endpoint("12", on: "1", at: ["10.0.1.4"], node: "b", mac: "02:42:0a:00:01:04")])
        #expect(added.networks.isEmpty && added.attachments.isEmpty && added.sandboxes.isEmpty)
        #expect(added.entries[try network()]?.addresses == [IPAddress(10, 0, 1, 4)])
        let moved = state.apply([try Fixture.node("b", vtep: "10.9.0.22")])
        #expect(Set(moved.entries.keys) == [try network()])
        #expect(state.apply([try Fixture.node("b", vtep: "10.9.0.22", mtu: 1400)]) == Touched())
    }
}

@Suite struct `The order of records` {
    @Test(arguments: 0..<30) func `leaves no trace`(seed: UInt64) throws {
        var generator = RandomnessGenerator(SeededRandomness(seed: seed))
        let view = try Fixture.garden()
        let expected = try Fixture.state(view)
        #expect(try Fixture.state(view.reversed()) == expected)
        #expect(try Fixture.state(view.shuffled(using: &generator)) == expected)
    }

    @Test func `and what came and went leaves none either`() throws {
        let detour = [
            try Fixture.endpoint("8f", on: "1", at: ["10.0.1.3"], mac: "02:42:0a:00:01:03"), try Fixture.endpointGone("8f", on: "1"),
            try Fixture.sandbox("8"), .sandbox(try Fixture.id("8"), nil), try Fixture.network("8", subnets: []),
            .network(try Fixture.id("8"), nil),
            try Fixture.node("d", vtep: "10.9.0.9"), .node(try Fixture.id("d"), nil), try Fixture.endpointGone("77", on: "7"),
        ]
        #expect(try Fixture.state(try Fixture.garden() + detour) == (try Fixture.state(try Fixture.garden())))
    }
}
