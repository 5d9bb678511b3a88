import FakeKernel
import KernelNetwork
import NetworkModel
import Testing

@testable import Dataplane

@Suite struct `A kernel that fails` {
    @Test(arguments: KernelVerb.allCases, [1...1, 2...2, 3...3, 1...4])
    func `at any verb gets what was planned all the same`(verb: KernelVerb, calls: ClosedRange<Int>) async throws {
        let scene = Scene()
        let before = try scene.snapshot()
        scene.kernel.fail(verb, calls: calls)
        let plane = try await scene.settled(try Fixture.garden())
        scene.kernel.heal()
        #expect(try scene.snapshot().difference(from: try await Scene.expected(try Fixture.garden())) == [])

        scene.kernel.fail(verb, calls: calls)
        await plane.update(try Fixture.gone())
        try await scene.settle(plane)
        scene.kernel.heal()
        #expect(try scene.snapshot().difference(from: before) == [])
        #expect(scene.files.folders.isEmpty)
    }

    @Test func `at every verb once gets what was planned all the same`() async throws {
        let scene = Scene()
        scene.kernel.failEveryVerbOnce()
        let plane = try scene.plane()
        await plane.start(with: try Fixture.garden())
        try await scene.settle(plane, within: 40)
        #expect(try scene.snapshot().difference(from: try await Scene.expected(try Fixture.garden())) == [])
    }

    @Test(arguments: 1...4) func `to write files, or to open a network's sites, is tried again`(failures: Int) async throws {
        let scene = Scene()
        scene.files.fail(failures)
        scene.sites.fail(failures)
        let plane = try scene.plane()
        await plane.start(with: try Fixture.garden())
        try await scene.settle(plane, within: 20)
        #expect(scene.files.folders.count == 2)
        #expect(scene.sites.ready.count == 3)
    }

    @Test func `for one network holds up no other, and tells why`() async throws {
        let scene = Scene()
        // The VNI is somebody else's.
        scene.kernel.addNamespace(.named("other"))
        let vxlan = LinkState(
            name: "vx", index: 901, kind: .vxlan(try VNI(256), port: 4789, local: IPAddress(10, 97, 0, 1)), mtu: 1450, isUp: true)
        try scene.kernel.tamper(in: .named("other")) { $0.links["vx"] = vxlan }
        let plane = try scene.plane()
        await plane.start(with: try Fixture.garden())
        for _ in 0..<5 { await plane.pass() }
        #expect(await plane.fault?.contains("VNI 256") == true)
        #expect(scene.sites.ready.keys.map(\.short).sorted() == ["222222222222", "333333333333"])
        #expect(scene.kernel.namespace(.named("skein-333333333333"))?.links["v303030303030"] != nil)
        try scene.kernel.tamper(in: .named("other")) { $0.links["vx"] = nil }
        try await scene.settle(plane)
        #expect(await plane.fault == nil)
    }
}
