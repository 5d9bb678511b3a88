import FakeKernel
import KernelNetwork
import NetworkModel
import TestSupport
import Testing

@testable import Dataplane

@Suite struct `A view that changes` {
    /// Changes after the garden: an endpoint moves, one comes, one goes, a node moves, a network gets another subnet.
    static func story() throws -> [ViewChange] {
        [
            try Fixture.endpointGone("12", on: "1"),
            try Fixture.endpoint("14", on: "1", at: ["10.0.1.4", "fd00:1::4"], node: "c"),
            try Fixture.endpoint("23", on: "2", at: ["10.0.2.4"], node: "c"),
            try Fixture.endpointGone("20", on: "2"),
            try Fixture.endpoint("21", on: "2", at: ["10.0.2.5"], sandbox: "2", interface: "eth1"),
            try Fixture.node("c", vtep: IPAddress(10, 97, 0, 33)),
            try Fixture.sandbox("6"), try Fixture.endpoint("41", on: "4", at: ["10.0.4.9"], sandbox: "6"),
            try Fixture.network(
                "1", subnets: [("10.0.1.0/24", "10.0.1.1"), ("fd00:1::/64", "fd00:1::1"), ("10.0.9.0/24", "10.0.9.1")]),
            try Fixture.endpointGone("30", on: "3"),
        ]
    }

    @Test func `one by one, at once, and at the start end in the same`() async throws {
        let whole = try Fixture.garden() + Self.story()
        let expected = try await Scene.expected(whole)
        let stepwise = Scene()
        let plane = try await stepwise.settled(try Fixture.garden())
        for change in try Self.story() {
            await plane.update([change])
            try await stepwise.settle(plane)
        }
        #expect(try stepwise.snapshot().difference(from: expected) == [])
        let squashed = Scene()
        let other = try await squashed.settled(try Fixture.garden())
        await other.update(try Self.story())
        try await squashed.settle(other)
        #expect(try squashed.snapshot().difference(from: expected) == [])
    }

    @Test(arguments: 0..<20) func `in any order end in the same`(seed: UInt64) async throws {
        var generator = RandomnessGenerator(SeededRandomness(seed: seed))
        let view = try Fixture.garden()
        let expected = try await Scene.expected(view)
        for order in [view.reversed(), view.shuffled(using: &generator)] {
            let scene = Scene()
            // A node that does not know itself writes nothing: its record comes first, as its worker sees to.
            let plane = try await scene.settled([try Fixture.node("a")])
            for change in order {
                await plane.update([change])
                if generator.next() % 2 == 0 { try await scene.settle(plane) }
            }
            try await scene.settle(plane)
            #expect(try scene.snapshot().difference(from: expected) == [])
        }
    }

    @Test(arguments: 0..<20) func `and changes back leaves no trace`(seed: UInt64) async throws {
        var generator = RandomnessGenerator(SeededRandomness(seed: seed))
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        let detour = try Self.story() + Fixture.gone() + [Fixture.networkGone("2"), Fixture.nodeGone("b")]
        for change in detour.shuffled(using: &generator) {
            await plane.update([change])
            if generator.next() % 3 == 0 { await plane.pass() }
        }
        let extra = [
            try Fixture.endpointGone("14", on: "1"), try Fixture.endpointGone("23", on: "2"), try Fixture.endpointGone("21", on: "2"),
            try Fixture.endpointGone("41", on: "4"), try Fixture.sandboxGone("6"),
        ]
        await plane.update(try extra + Fixture.garden())
        try await scene.settle(plane)
        #expect(try scene.snapshot().difference(from: try await Scene.expected(try Fixture.garden())) == [])
    }

    @Test func `an endpoint that moves with its address is replaced, in either order (lesson 6)`() async throws {
        let gone = try Fixture.endpointGone("12", on: "1")
        let new = try Fixture.endpoint("14", on: "1", at: ["10.0.1.4", "fd00:1::4"], node: "c")
        for order in [[gone, new], [new, gone]] {
            let scene = Scene()
            let plane = try await scene.settled(try Fixture.garden())
            for change in order {
                await plane.update([change])
                await plane.pass()
            }
            let space = try #require(scene.kernel.namespace(.named("skein-111111111111")))
            #expect(space.forwarding["vxlan0"]?[try MACAddress("02:42:0a:00:01:04")] == IPAddress(10, 97, 0, 3))
            #expect(space.neighbours["br0"]?[IPAddress(10, 0, 1, 4)] == (try MACAddress("02:42:0a:00:01:04")))
        }
    }

    @Test func `an endpoint that moves here has no entry to elsewhere`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        await plane.update([
            try Fixture.sandbox("6"), try Fixture.endpoint("16", on: "1", at: ["10.0.1.4"], sandbox: "6"),
            try Fixture.endpointGone("12", on: "1"),
        ])
        try await scene.settle(plane)
        let space = try #require(scene.kernel.namespace(.named("skein-111111111111")))
        #expect(space.forwarding["vxlan0"]?[try MACAddress("02:42:0a:00:01:04")] == nil)
        #expect(space.links["v161616161616"]?.master == "br0")
    }

    @Test func `a node without a record keeps its entries, and gets no new one`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        let before = try scene.snapshot()
        let writes = scene.kernel.writes.count
        await plane.update([try Fixture.nodeGone("b"), try Fixture.nodeGone("a")])
        await plane.update([try Fixture.endpoint("17", on: "1", at: ["10.0.1.77"], node: "b")])
        await plane.look()
        try await scene.settle(plane)
        #expect(scene.kernel.writes.count == writes)
        // Another life keeps them too.
        scene.kernel.restart()
        let view = try Fixture.garden() + [try Fixture.nodeGone("b")]
        _ = try await scene.settled(view)
        #expect(try scene.snapshot() == before)
        // Its own record goes: so do the entries.
        await plane.update([try Fixture.endpointGone("12", on: "1")])
        try await scene.settle(plane)
        let space = try #require(scene.kernel.namespace(.named("skein-111111111111")))
        #expect(space.neighbours["br0"]?[IPAddress(10, 0, 1, 4)] == nil)
    }

    @Test func `a host whose VTEP changes sends from the new one (lesson 15)`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        let moved = try Fixture.node("a", vtep: IPAddress(10, 97, 0, 11), mtu: 1400)
        await plane.update([moved])
        try await scene.settle(plane)
        let space = try #require(scene.kernel.namespace(.named("skein-111111111111")))
        #expect(space.links["vxlan0"]?.kind == .vxlan(try VNI(256), port: 4789, local: IPAddress(10, 97, 0, 11)))
        #expect(space.forwarding["vxlan0"]?.count == 2)
        #expect(scene.kernel.namespace(.named("sk-box1"))?.links["eth0"]?.mtu == 1350)
        #expect(try scene.snapshot().difference(from: try await Scene.expected(try Fixture.garden() + [moved])) == [])
    }
}
