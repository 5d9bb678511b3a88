import FakeKernel
import KernelNetwork
import NetworkModel
import Testing

@testable import Dataplane

@Suite struct `What an attach writes` {
    private static let network = KernelNamespace.named("skein-111111111111")

    private func attach(_ scene: Scene, _ plane: Dataplane) async throws -> [FakeKernel.Write] {
        let count = scene.kernel.writes.count
        await plane.update([try Fixture.endpoint("1f", on: "1", at: ["10.0.1.31"], sandbox: "6")])
        await plane.pass()
        return Array(scene.kernel.writes.dropFirst(count))
    }

    @Test func `is the messages of its one endpoint, and nothing is dumped`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden() + [try Fixture.sandbox("6")])
        let dumps = scene.kernel.calls(.dump)
        let writes = try await attach(scene, plane)
        #expect(writes.count == 4, "neighbour, pair, address, route: \(writes)")
        #expect(scene.kernel.calls(.dump) == dumps)
        #expect(await plane.isDone)
    }

    @Test func `to a network that is new here ends with the pair: the entries are there before (lesson 20)`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        let count = scene.kernel.writes.count
        await plane.update([try Fixture.sandbox("6"), try Fixture.endpoint("41", on: "4", at: ["10.0.4.9"], sandbox: "6")])
        await plane.pass()
        let changes = scene.kernel.writes.dropFirst(count).compactMap { write in
            if case .change(let change, .named("skein-444444444444")) = write { change } else { nil }
        }
        guard case .addLink(let last) = changes.last else {
            Issue.record("the last is \(String(describing: changes.last))")
            return
        }
        #expect(last.name == "v414141414141")
        #expect(changes.contains { if case .replaceForwarding = $0 { true } else { false } })
        #expect(changes.contains { if case .replaceNeighbour = $0 { true } else { false } })
    }

    @Test func `of a remote endpoint is a neighbour a family and one forwarding entry`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        let (count, dumps) = (scene.kernel.writes.count, scene.kernel.calls(.dump))
        await plane.update([try Fixture.endpoint("1e", on: "1", at: ["10.0.1.30", "fd00:1::30"], node: "b")])
        await plane.pass()
        #expect(scene.kernel.writes.count == count + 3)
        #expect(scene.kernel.calls(.dump) == dumps)
    }

    @Test func `with many remote endpoints at once is one batch, and each is there`() async throws {
        let scene = Scene()
        let large = try Fixture.network("4", subnets: [("10.64.0.0/16", "10.64.0.1")])
        let plane = try await scene.settled(
            try Fixture.records() + [large, try Fixture.sandbox("6"), try Fixture.endpoint("41", on: "4", at: ["10.64.0.9"], sandbox: "6")])
        let changes = try (0..<20_000).map { number -> ViewChange in
            try Fixture.endpoint(
                String(0x10000 + number, radix: 16).padded, on: "4", at: ["10.64.\(1 + number / 250).\(1 + number % 250)"], node: "b")
        }
        await plane.update(changes)
        await plane.pass()
        let space = try #require(scene.kernel.namespace(.named("skein-444444444444")))
        #expect(space.neighbours["br0"]?.count == 20_001)
        #expect(space.forwarding["vxlan0"]?.count == 20_000)
    }

    @Test func `a network that lost its last endpoint stays a while, for the next`() async throws {
        let scene = Scene()
        let plane = try scene.plane(DataplaneOptions(linger: .seconds(3600), retryDelay: .zero))
        await plane.start(with: try Fixture.garden())
        try await scene.settle(plane)
        await plane.update([try Fixture.endpointGone("30", on: "3")])
        try await scene.settle(plane)
        #expect(scene.kernel.namespace(.named("skein-333333333333"))?.links.keys.sorted() == ["br0", "lo", "uplink0"])
        let count = scene.kernel.writes.count
        await plane.update([try Fixture.endpoint("30", on: "3", at: ["172.18.0.2"], sandbox: "1", interface: "eth2")])
        try await scene.settle(plane)
        #expect(scene.kernel.writes.count == count + 3)
        await plane.update([try Fixture.endpointGone("30", on: "3")])
        try await scene.settle(plane)
        #expect(scene.kernel.namespace(.named("skein-333333333333")) != nil)
        await plane.update([try Fixture.networkGone("3")])
        try await scene.settle(plane)
        #expect(scene.kernel.namespace(.named("skein-333333333333")) == nil)
    }
}

extension String {
    /// To eight digits: a divisor of an id's length.
    fileprivate var padded: String { String(repeating: "0", count: max(0, 8 - utf8.count)) + self }
}
