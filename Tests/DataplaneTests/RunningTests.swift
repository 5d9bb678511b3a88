import FakeKernel
import KernelNetwork
import NetworkModel
import TestSupport
import Testing

@testable import Dataplane

@Suite struct `A data plane that runs` {
    private static let brisk = DataplaneOptions(
        verifyInterval: .seconds(3600), rulesInterval: .milliseconds(20), monitorDelay: .milliseconds(10), settleBound: .seconds(20),
        linger: .zero, retryDelay: .milliseconds(1), retryBound: .milliseconds(20))

    private func run(
        _ scene: Scene = Scene(), _ options: DataplaneOptions = brisk, _ body: (Scene, Dataplane) async throws -> Void
    ) async throws {
        let plane = try scene.plane(options)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await plane.run() }
            await plane.start(with: try Fixture.garden())
            try await body(scene, plane)
            group.cancelAll()
        }
    }

    @Test func `settles an endpoint with its sandbox and its network's sites`() async throws {
        try await run { scene, plane in
            try await plane.settle(endpoint: try Fixture.id("10"))
            #expect(scene.kernel.namespace(.named("sk-box1"))?.links["eth0"]?.isUp == true)
            #expect(scene.sites.ready[try Fixture.id("1")] != nil)
            await plane.update([try Fixture.sandbox("6"), try Fixture.endpoint("41", on: "4", at: ["10.0.4.9"], sandbox: "6")])
            try await plane.settle(endpoint: try Fixture.id("41"))
            #expect(scene.kernel.namespace(.named("sk-box6"))?.addresses.isEmpty == false)
        }
    }

    @Test func `settles a sandbox that is gone`() async throws {
        try await run { scene, plane in
            try await plane.settle(sandbox: try Fixture.id("1"))
            await plane.update(try Fixture.gone())
            try await plane.settle(sandbox: try Fixture.id("1"))
            #expect(scene.kernel.namespace(.named("sk-box1")) == nil)
        }
    }

    @Test func `settles nothing before the first view`() async throws {
        let scene = Scene()
        let plane = try scene.plane(Self.brisk)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await plane.run() }
            group.addTask { try await plane.settle(endpoint: try Fixture.id("10")) }
            await plane.update(try Fixture.garden())
            try await eventually("somebody waits") { await plane.waiters.deadline != nil }
            await plane.start(with: [])
            try await group.next()
            #expect(scene.kernel.namespace(.named("sk-box1"))?.links["eth0"]?.isUp == true)
            group.cancelAll()
        }
    }

    @Test func `gives the kernel's reason to who waits, after a bound`() async throws {
        var options = Self.brisk
        options.settleBound = .seconds(3)
        let scene = Scene()
        scene.kernel.failAlways(.createNamespace, with: .notPermitted)
        try await run(scene, options) { scene, plane in
            let error = await #expect(throws: KernelError.self) { try await plane.settle(endpoint: try Fixture.id("10")) }
            #expect(error?.code == .notPermitted)
            #expect(await plane.fault != nil)
            scene.kernel.heal()
            try await eventually("the plane recovers") { await plane.fault == nil }
            try await plane.settle(endpoint: try Fixture.id("10"))
        }
    }

    @Test func `waits no longer than the caller`() async throws {
        let scene = Scene()
        scene.kernel.failAlways(.createNamespace)
        try await run(scene) { _, plane in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: CancellationError.self) { try await plane.settle(endpoint: try Fixture.id("10")) }
                }
                try await eventually("the plane has tried") { await plane.fault != nil }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    @Test func `repairs rules that were flushed, without anybody telling (lesson 24)`() async throws {
        try await run { scene, plane in
            try await plane.settle(endpoint: try Fixture.id("10"))
            for place in [KernelNamespace.host, .named("skein-111111111111")] {
                let rules = scene.kernel.namespace(place)?.rules
                try scene.kernel.setRules(nil, in: place)
                try await eventually("the rules are back") { scene.kernel.namespace(place)?.rules == rules }
            }
        }
    }

    @Test func `repairs what a monitor tells of (lesson 6)`() async throws {
        try await run { scene, plane in
            try await plane.settle(endpoint: try Fixture.id("10"))
            let space = KernelNamespace.named("skein-111111111111")
            let neighbours = scene.kernel.namespace(space)?.neighbours
            try scene.kernel.tamper(in: space) { $0.neighbours["br0"]?[IPAddress(10, 0, 1, 4)] = nil }
            try await eventually("the neighbour is back") { scene.kernel.namespace(space)?.neighbours == neighbours }
        }
    }

    @Test func `looks at everything when a monitor has lost something`() async throws {
        try await run { scene, plane in
            try await plane.settle(sandbox: try Fixture.id("1"))
            let space = KernelNamespace.named("sk-box1")
            let routes = scene.kernel.namespace(space)?.routes
            try scene.kernel.tamper(in: space) { $0.routes = $0.routes.filter { $0.destination.prefixLength > 0 } }
            scene.kernel.overrunMonitors()
            try await eventually("the routes are back") { scene.kernel.namespace(space)?.routes == routes }
        }
    }

    @Test func `looks at everything now and then`() async throws {
        var options = Self.brisk
        options.verifyInterval = .milliseconds(30)
        try await run(Scene(), options) { scene, plane in
            try await plane.settle(sandbox: try Fixture.id("1"))
            let routes = scene.kernel.namespace(.named("sk-box1"))?.routes
            try scene.kernel.tamper(in: .named("sk-box1")) { $0.routes = $0.routes.filter { $0.destination.prefixLength > 0 } }
            try await eventually("the routes are back") { scene.kernel.namespace(.named("sk-box1"))?.routes == routes }
        }
    }

    @Test func `removes a network whose time is over`() async throws {
        var options = Self.brisk
        options.linger = .milliseconds(20)
        try await run(Scene(), options) { scene, plane in
            try await plane.settle(endpoint: try Fixture.id("30"))
            await plane.update([try Fixture.endpointGone("30", on: "3")])
            try await eventually("the namespace is gone") { scene.kernel.namespace(.named("skein-333333333333")) == nil }
            #expect(scene.sites.ready[try Fixture.id("3")] == nil)
        }
    }

    @Test func `is idle when nothing happens`() async throws {
        var options = Self.brisk
        options.rulesInterval = .seconds(3600)
        try await run(Scene(), options) { scene, plane in
            try await plane.settle(sandbox: try Fixture.id("1"))
            try await eventually("the last pass") {
                let passes = await plane.passes
                for _ in 0..<50 { await Task.yield() }
                return await plane.isQuiet(since: passes)
            }
        }
    }

    @Test func `tells who waits that it has stopped`() async throws {
        let scene = Scene()
        scene.kernel.failAlways(.createNamespace)
        let plane = try scene.plane(Self.brisk)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await plane.run() }
            await plane.start(with: try Fixture.garden())
            try await eventually("the plane has tried") { await plane.fault != nil }
            group.cancelAll()
        }
        await #expect(throws: DataplaneError.self) { try await plane.settle(endpoint: try Fixture.id("10")) }
    }
}

extension Dataplane {
    fileprivate func isQuiet(since passes: Int) -> Bool { isDone && timers.suspects.isEmpty && self.passes == passes }
}
