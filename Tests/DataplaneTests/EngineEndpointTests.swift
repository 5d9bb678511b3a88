import FakeKernel
import KernelNetwork
import NetworkModel
import TestSupport
import Testing

@testable import Dataplane

@Suite struct `A container engine's endpoint` {
    private let scene = Scene()
    private static let network = KernelNamespace.named("skein-111111111111")
    private static let (port, device) = ("v1f1f1f1f1f1f", "ve1f1f1f1f1f1f")

    private func endpoint() throws -> ViewChange { try Fixture.engineEndpoint("1f", on: "1", at: ["10.0.1.7"]) }

    private func view() throws -> [ViewChange] { try Fixture.garden() + [try endpoint()] }

    private func gone() throws -> ViewChange { try Fixture.endpointGone("1f", on: "1") }

    private var onHost: LinkState? { scene.kernel.namespace(.host)?.links[Self.device] }
    private var onBridge: LinkState? { scene.kernel.namespace(Self.network)?.links[Self.port] }

    private func expectUntouched(_ plane: Dataplane, since writes: Int, _ location: SourceLocation = #_sourceLocation) async throws {
        await plane.look()
        try await scene.settle(plane)
        #expect(Array(scene.kernel.writes.dropFirst(writes)) == [], sourceLocation: location)
    }

    @Test func `has a port of its network's bridge, and on the host a device that is down and bare`() async throws {
        _ = try await scene.settled(try view())
        let device = try #require(onHost)
        #expect(!device.isUp)
        #expect(device.mac == (try MACAddress("02:42:0a:00:01:07")))
        #expect(device.mtu == 1450)
        #expect(device.alias == String(repeating: "1f", count: 32))
        #expect(onBridge?.master == "br0")
        #expect(onBridge?.isUp == true)
        let host = try #require(scene.kernel.namespace(.host))
        #expect(host.addresses.allSatisfy { $0.link != Self.device })
        #expect(host.routes.allSatisfy { $0.link != Self.device })
    }

    @Test func `is attached by the messages of its own, and nothing is dumped`() async throws {
        let plane = try await scene.settled(try Fixture.garden())
        let (writes, dumps) = (scene.kernel.writes.count, scene.kernel.calls(.dump))
        await plane.update([try endpoint()])
        await plane.pass()
        #expect(scene.kernel.writes.count == writes + 2, "neighbour and pair: \(scene.kernel.writes.dropFirst(writes))")
        #expect(scene.kernel.calls(.dump) == dumps)
        #expect(await plane.isDone)
    }

    @Test func `brings its network by itself, in one pass`() async throws {
        let plane = try await scene.settled(try Fixture.records())
        await plane.update([try endpoint()])
        await plane.pass()
        #expect(onHost != nil)
        #expect(await plane.isDone)
    }

    @Test func `may be taken away by the engine, and is left alone then and by the next life (lesson 25)`() async throws {
        let plane = try await scene.settled(try view())
        try scene.kernel.join(Self.device)
        let writes = scene.kernel.writes.count
        try await expectUntouched(plane, since: writes)
        scene.kernel.restart()
        let next = try await scene.settled(try view())
        try await expectUntouched(next, since: writes)
        try scene.kernel.leave(Self.device)
        try await expectUntouched(next, since: writes)
    }

    @Test func `is left alone when the engine tells whose it is`() async throws {
        let plane = try await scene.settled(try view())
        try scene.kernel.join(Self.device)
        let writes = scene.kernel.writes.count
        let told = try Fixture.endpoint("1f", on: "1", at: ["10.0.1.7"], sandbox: "7", interface: "", kind: .engine)
        await plane.update([told, try Fixture.sandbox("7", kind: .engine)])
        try await expectUntouched(plane, since: writes)
    }

    @Test(arguments: [false, true]) func `takes its pair with it, wherever the engine has the device`(isInside: Bool) async throws {
        let plane = try await scene.settled(try view())
        if isInside { try scene.kernel.join(Self.device) }
        await plane.update([try gone()])
        await plane.pass()
        #expect(onBridge == nil)
        #expect(onHost == nil)
        #expect(scene.kernel.namespace(FakeKernel.container)?.links["eth0"] == nil)
        try await scene.settle(plane)
        #expect(try scene.snapshot().difference(from: try await Scene.expected(try Fixture.garden())) == [])
    }

    @Test func `of two networks at once has a pair in each, and loses one`() async throws {
        let second = try Fixture.engineEndpoint("2f", on: "2", at: ["10.0.2.7"])
        let plane = try await scene.settled(try view() + [second])
        try scene.kernel.join(Self.device)
        try scene.kernel.join("ve2f2f2f2f2f2f", as: "eth1")
        await plane.update([try gone()])
        try await scene.settle(plane)
        #expect(scene.kernel.namespace(FakeKernel.container)?.links.keys.sorted() == ["eth1", "lo"])
        #expect(scene.kernel.namespace(.named("skein-222222222222"))?.links["v2f2f2f2f2f2f"] != nil)
    }

    @Test func `gets another pair when the container's namespace took the first with it`() async throws {
        let plane = try await scene.settled(try view())
        let before = try scene.snapshot()
        try scene.kernel.join(Self.device)
        #expect(try scene.kernel.apply([.deleteLink("eth0")], in: FakeKernel.container) == [])
        #expect(onBridge == nil)
        await plane.look()
        try await scene.settle(plane)
        #expect(try scene.snapshot().difference(from: before) == [])
    }

    @Test(arguments: [false, true]) func `gets another pair when its network's namespace was deleted`(isInside: Bool) async throws {
        let plane = try await scene.settled(try view())
        let before = try scene.snapshot()
        if isInside { try scene.kernel.join(Self.device) }
        try scene.kernel.deleteNamespace("skein-111111111111")
        await plane.look()
        try await scene.settle(plane)
        #expect(try scene.snapshot().difference(from: before) == [])
    }

    @Test func `has a far end whose port is lost removed before the pair is made`() async throws {
        let plane = try await scene.settled(try view())
        let before = try scene.snapshot()
        // As when the namespace lives on without a name: its port is there, and is seen by nobody.
        try scene.kernel.tamper(in: Self.network) { $0.links[Self.port] = nil }
        await plane.look()
        try await scene.settle(plane)
        #expect(try scene.snapshot().difference(from: before) == [])
    }

    @Test func `is not made to wait for a host that is to be tried again much later`() async throws {
        let plane = try scene.plane(DataplaneOptions(linger: .zero, retryDelay: .seconds(3600), retryBound: .seconds(3600)))
        await plane.start(with: try Fixture.garden())
        try await scene.settle(plane)
        await plane.doubt(.host)
        scene.kernel.fail(.dump)
        await plane.pass()
        #expect(await plane.fault != nil)
        await plane.update([try endpoint()])
        await plane.pass()
        #expect(onHost != nil)
        #expect(await plane.fault == nil)
    }
}

@Suite struct `Devices of container engines on the host` {
    private let scene = Scene()
    private static let device = "ve1f1f1f1f1f1f"

    private func view() throws -> [ViewChange] {
        try Fixture.garden() + [try Fixture.engineEndpoint("1f", on: "1", at: ["10.0.1.7"])]
    }

    private func stray(_ name: String, alias: String?) throws {
        try scene.kernel.tamper(in: .host) { host in
            host.links[name] = LinkState(name: name, index: 900, kind: .veth, mtu: 1500, alias: alias, isUp: false)
        }
    }

    @Test func `that nothing plans are removed at the start`() async throws {
        try stray(Self.device, alias: String(repeating: "1f", count: 32))
        _ = try await scene.settled(try Fixture.garden())
        #expect(scene.kernel.namespace(.host)?.links[Self.device] == nil)
    }

    @Test func `that nothing plans are removed when they are found`() async throws {
        let plane = try await scene.settled(try Fixture.garden())
        try stray(Self.device, alias: String(repeating: "1f", count: 32))
        await plane.look()
        try await scene.settle(plane)
        #expect(scene.kernel.namespace(.host)?.links[Self.device] == nil)
    }

    @Test func `are not ours without the alias of their endpoint`() async throws {
        try stray(Self.device, alias: nil)
        try stray("ve222222222222", alias: String(repeating: "1f", count: 32))
        try stray("veth0", alias: "container")
        _ = try await scene.settled(try Fixture.garden())
        let links = try #require(scene.kernel.namespace(.host)?.links)
        #expect(Set([Self.device, "ve222222222222", "veth0"]).isSubset(of: links.keys))
    }

    @Test func `stay while it is not decided what should be there`() async throws {
        _ = try await scene.settled(try view())
        let before = try scene.snapshot()
        scene.kernel.restart()
        let plane = try scene.plane()
        await plane.start(with: try view().filter { if case .node = $0 { false } else { true } })
        for _ in 0..<4 { await plane.pass() }
        await plane.look()
        for _ in 0..<4 { await plane.pass() }
        #expect(scene.kernel.namespace(.host)?.links[Self.device] != nil)
        #expect(scene.kernel.namespace(.named("skein-111111111111"))?.links["v1f1f1f1f1f1f"] != nil)
        await plane.update(try view())
        try await scene.settle(plane)
        #expect(try scene.snapshot().difference(from: before) == [])
    }

    @Test(arguments: [false, true]) func `are not leaked by a crash at any write (lesson 5)`(isLater: Bool) async throws {
        let later = isLater ? try view() : try Fixture.garden()
        let expected = try await Scene.expected(later)
        var crashes = 0
        while true {
            let scene = Scene()
            scene.kernel.crash(afterWrites: crashes)
            let first = try scene.plane()
            await first.start(with: try view())
            for _ in 0..<3 { await first.pass() }
            guard scene.kernel.hasCrashed else { break }
            scene.kernel.restart()
            _ = try await scene.settled(later)
            #expect(try scene.snapshot().difference(from: expected) == [], "crashed after \(crashes) writes")
            crashes += 1
        }
        #expect(crashes > 50)
    }

    @Test func `make no passes without end by being moved`() async throws {
        let options = DataplaneOptions(rulesInterval: .seconds(3600), monitorDelay: .milliseconds(1), linger: .zero, retryDelay: .zero)
        let plane = try scene.plane(options)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await plane.run() }
            await plane.start(with: try view())
            try await plane.settle(endpoint: try Fixture.id("1f"))
            #expect(scene.kernel.namespace(.host)?.links[Self.device] != nil)
            let (writes, dumps) = (scene.kernel.writes.count, scene.kernel.calls(.dump))
            try scene.kernel.join(Self.device)
            try await eventually("the host was looked at") { scene.kernel.calls(.dump) > dumps }
            try await eventually("nothing is left to do") { await plane.isQuiet }
            #expect(scene.kernel.writes.count == writes)
            let passes = await plane.passes
            try await plane.settle(endpoint: try Fixture.id("1f"))
            #expect(await plane.passes <= passes + 2)
            group.cancelAll()
        }
    }
}
