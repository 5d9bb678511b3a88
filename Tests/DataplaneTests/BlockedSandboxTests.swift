import FakeKernel
import KernelNetwork
import NetworkModel
import TestSupport
import Testing

@testable import Dataplane

@Suite struct `A sandbox that cannot be made` {
    private let scene = Scene()
    private static let box1 = KernelNamespace.named("sk-box1")
    private static let box2 = KernelNamespace.named("sk-box2")

    private func troubled(_ plane: Dataplane) async -> Set<Item> { Set(await plane.troubles.keys) }

    private func sandbox(_ digit: String) throws -> Item { .sandbox(try Fixture.id(digit)) }

    /// One more endpoint of network 1, in sandbox 2.
    private func guest(_ digits: String = "1f", at address: String = "10.0.1.31", interface: String = "eth1") throws -> ViewChange {
        try Fixture.endpoint(digits, on: "1", at: [address], sandbox: "2", interface: interface)
    }

    @Test func `holds up nothing else of its networks, and is made when it can be`() async throws {
        scene.kernel.addNamespace(Self.box1)
        let plane = try scene.plane()
        await plane.start(with: try Fixture.garden())
        for _ in 0..<3 { await plane.pass() }
        #expect(await troubled(plane) == [try sandbox("1")])
        #expect(scene.sites.ready.count == 3)
        let network = try #require(scene.kernel.namespace(.named("skein-111111111111")))
        #expect(network.neighbours["br0"]?[IPAddress(10, 0, 1, 4)] != nil)
        #expect(network.links["v111111111111"] != nil)
        #expect(network.links["v101010101010"] == nil)

        await plane.update([try guest()])
        for _ in 0..<2 { await plane.pass() }
        #expect(scene.kernel.namespace(Self.box2)?.links["eth1"]?.isUp == true)
        #expect(await troubled(plane) == [try sandbox("1")])

        try scene.kernel.deleteNamespace("sk-box1")
        try await scene.settle(plane)
        #expect(try scene.snapshot().difference(from: try await Scene.expected(try Fixture.garden() + [try guest()])) == [])
    }

    @Test func `tells who waits for it why, and nobody else`() async throws {
        scene.kernel.addNamespace(Self.box1)
        let plane = try scene.plane(DataplaneOptions(settleBound: .seconds(3), retryDelay: .milliseconds(1)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await plane.run() }
            await plane.start(with: try Fixture.garden())
            try await eventually("the plane has tried") { await plane.fault != nil }
            try await plane.settle(endpoint: try Fixture.id("11"))
            let error = await #expect(throws: DataplaneError.self) { try await plane.settle(endpoint: try Fixture.id("10")) }
            #expect(error?.message.contains("sk-box1 is there and is not Skein's") == true)
            try scene.kernel.deleteNamespace("sk-box1")
            try await eventually("the sandbox is made") { await plane.fault == nil }
            try await plane.settle(endpoint: try Fixture.id("10"))
            #expect(scene.kernel.namespace(Self.box1)?.links["eth0"]?.isUp == true)
            group.cancelAll()
        }
    }

    @Test func `is one in which somebody has the device's name, too`() async throws {
        let plane = try await scene.settled(try Fixture.garden())
        try scene.kernel.tamper(in: Self.box2) { space in
            space.links["eth1"] = LinkState(name: "eth1", index: 900, kind: .other("dummy"), mtu: 1500, isUp: true)
        }
        let neighbour = try Fixture.endpoint("1e", on: "1", at: ["10.0.1.30"], sandbox: "1", interface: "eth3")
        await plane.update([try guest(), neighbour])
        for _ in 0..<3 { await plane.pass() }
        #expect(await troubled(plane) == [try sandbox("2")])
        #expect(scene.kernel.namespace(Self.box1)?.links["eth3"]?.isUp == true)

        try scene.kernel.tamper(in: Self.box2) { $0.links["eth1"] = nil }
        try await scene.settle(plane)
        let expected = try await Scene.expected(try Fixture.garden() + [try guest(), neighbour])
        #expect(try scene.snapshot().difference(from: expected) == [])
    }

    @Test func `since a network failed is tried again when that network is there, however long its own wait`() async throws {
        scene.kernel.addNamespace(.named("skein-111111111111"))
        try scene.kernel.tamper(in: .named("skein-111111111111")) { $0.links["lo"]?.alias = "somebody" }
        let plane = try scene.plane(DataplaneOptions(linger: .zero, retryDelay: .seconds(3600), retryBound: .seconds(3600)))
        await plane.start(with: try Fixture.records() + [try Fixture.sandbox("2"), try guest()])
        for _ in 0..<3 { await plane.pass() }
        #expect(await troubled(plane) == [.host, .network(try Fixture.id("1")), try sandbox("2")])

        try scene.kernel.deleteNamespace("skein-111111111111")
        await plane.makeDue(.network(try Fixture.id("1")))
        for _ in 0..<3 { await plane.pass() }
        #expect(await troubled(plane) == [])
        #expect(scene.kernel.namespace(Self.box2)?.links["eth1"]?.isUp == true)
    }
}
