import FakeKernel
import KernelNetwork
import NetworkModel
import Testing

@testable import Dataplane

@Suite struct `A data plane that starts again` {
    @Test func `writes nothing when all is right (lesson 25)`() async throws {
        let scene = Scene()
        _ = try await scene.settled(try Fixture.garden())
        scene.kernel.restart()
        let (writes, fileWrites) = (scene.kernel.writes.count, scene.files.writes)
        _ = try await scene.settled(try Fixture.garden())
        #expect(Array(scene.kernel.writes.dropFirst(writes)) == [])
        #expect(scene.files.writes == fileWrites)
        #expect(scene.sites.ready.count == 3)
    }

    @Test func `writes nothing before the first complete view`() async throws {
        let scene = Scene()
        _ = try await scene.settled(try Fixture.garden())
        scene.kernel.restart()
        let writes = scene.kernel.writes.count
        let plane = try scene.plane()
        await plane.update(try Fixture.gone())
        for _ in 0..<3 { await plane.pass() }
        #expect(scene.kernel.writes.count == writes)
    }

    /// The view that the next life finds, beside that of the life that crashed.
    static let laterViews: [@Sendable () throws -> [ViewChange]] = [
        { try Fixture.garden() }, { try Fixture.garden() + Fixture.gone() }, { try Fixture.records() },
        { try Fixture.garden() + [Fixture.endpointGone("10", on: "1"), Fixture.sandboxGone("2"), Fixture.endpointGone("11", on: "1")] },
    ]

    @Test(arguments: 0..<4) func `after a crash at any write leaves no leak (lesson 5)`(later: Int) async throws {
        let view = try Self.laterViews[later]()
        let expected = try await Scene.expected(view)
        var crashes = 0
        while true {
            let scene = Scene()
            scene.kernel.crash(afterWrites: crashes)
            let first = try scene.plane()
            await first.start(with: try Fixture.garden())
            for _ in 0..<3 { await first.pass() }
            guard scene.kernel.hasCrashed else { break }
            scene.kernel.restart()
            _ = try await scene.settled(view)
            #expect(try scene.snapshot().difference(from: expected) == [], "crashed after \(crashes) writes")
            #expect(Set(scene.files.folders.keys) == Set(expected.spaces.keys.filter { $0.hasPrefix("sk-") }))
            crashes += 1
        }
        #expect(crashes > 50)
    }

    @Test func `after a crash at any write of a removal leaves nothing (lesson 5)`() async throws {
        let expected = try await Scene.expected(try Fixture.records())
        var crashes = 0
        while true {
            let scene = Scene()
            let first = try await scene.settled(try Fixture.garden())
            scene.kernel.crash(afterWrites: crashes)
            await first.update(try Fixture.gone())
            for _ in 0..<3 { await first.pass() }
            guard scene.kernel.hasCrashed else { break }
            scene.kernel.restart()
            _ = try await scene.settled(try Fixture.records())
            #expect(try scene.snapshot().difference(from: expected) == [], "crashed after \(crashes) writes")
            #expect(scene.files.folders.isEmpty)
            crashes += 1
        }
        #expect(crashes > 5)
    }

    @Test func `keeps the addresses of the uplinks`() async throws {
        let scene = Scene()
        _ = try await scene.settled(try Fixture.garden())
        scene.kernel.restart()
        // As if an earlier version had chosen another link.
        let other = InterfaceAddress(IPAddress(169, 254, 200, 0), in: Subnet(containing: IPAddress(169, 254, 200, 0), prefixLength: 31))
        try scene.kernel.tamper(in: .host) { host in
            host.addresses = host.addresses.filter { $0.link != "sk333333333333" }
            host.addresses.insert(AddressEntry(link: "sk333333333333", address: other))
        }
        _ = try await scene.settled(try Fixture.garden())
        let host = try #require(scene.kernel.namespace(.host))
        #expect(host.addresses.contains(AddressEntry(link: "sk333333333333", address: other)))
    }

    @Test func `touches nothing that is not ours`() async throws {
        let scene = Scene()
        let foreign = ["skein-tools", "sk_", "skein-0123456789ab", "sk-mine", "cni-7"]
        for name in foreign { scene.kernel.addNamespace(.named(name)) }
        let dummy = LinkState(name: "dummy0", index: 900, kind: .other("dummy"), mtu: 1500, isUp: true)
        for name in foreign { try scene.kernel.tamper(in: .named(name)) { $0.links["dummy0"] = dummy } }
        try scene.kernel.tamper(in: .host) { host in
            for name in ["sk0", "skype", "sk9999"] { host.links[name] = dummy.renamed(name) }
        }
        scene.files.put(["resolv.conf": "nameserver 9.9.9.9\n"], in: "sk-mine")
        let plane = try await scene.settled(try Fixture.garden())
        await plane.update(try Fixture.gone())
        try await scene.settle(plane)
        #expect(try scene.kernel.namespaces() == Set(foreign))
        #expect(scene.kernel.namespace(.host)?.links.keys.sorted() == ["eth0", "lo", "sk0", "sk9999", "skype"])
        #expect(scene.files.folders.keys.sorted() == ["sk-mine"])
    }

    @Test func `does not take over a namespace that somebody else made`() async throws {
        let scene = Scene()
        scene.kernel.addNamespace(.named("sk-box1"))
        let plane = try scene.plane()
        await plane.start(with: try Fixture.garden())
        for _ in 0..<5 { await plane.pass() }
        let fault = try #require(await plane.fault)
        #expect(fault.contains("sk-box1"))
        #expect(scene.kernel.namespace(.named("sk-box1"))?.links.keys.sorted() == ["lo"])
        // The other sandbox is not held up.
        #expect(scene.kernel.namespace(.named("sk-box2"))?.links["eth0"] != nil)
    }

    @Test func `replaces a sandbox of the same name`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        let again = [
            try Fixture.endpointGone("11", on: "1"), try Fixture.sandboxGone("2"), try Fixture.sandbox("5", name: "box2"),
            try Fixture.endpoint("15", on: "1", at: ["10.0.1.3", "fd00:1::3"], sandbox: "5"),
        ]
        await plane.update(again)
        try await scene.settle(plane)
        let alias = scene.kernel.namespace(.named("sk-box2"))?.links["lo"]?.alias
        #expect(alias == String(repeating: "5", count: 64))
        #expect(try scene.snapshot().difference(from: try await Scene.expected(try Fixture.garden() + again)) == [])
    }

    @Test func `an interrupted dump is never used`() async throws {
        let scene = Scene()
        _ = try await scene.settled(try Fixture.garden())
        scene.kernel.restart()
        let writes = scene.kernel.writes.count
        scene.kernel.interruptDumps(4)
        let plane = try scene.plane()
        await plane.start(with: try Fixture.garden())
        await plane.pass()
        #expect(await plane.fault != nil)
        try await scene.settle(plane)
        #expect(scene.kernel.writes.count == writes)
    }
}

extension LinkState {
    func renamed(_ name: String) -> LinkState {
        var link = self
        link.name = name
        return link
    }
}
