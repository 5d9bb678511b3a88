import FakeKernel
import KernelNetwork
import NetworkModel
import Testing

@testable import Dataplane

@Suite struct `Ports that are published` {
    private static let network = KernelNamespace.named("skein-111111111111")
    private static let any = IPAddress(0, 0, 0, 0)

    private func web(_ hostPort: UInt16 = 8080, at address: IPAddress? = nil) -> [PortForwarding] {
        [PortForwarding(hostAddress: address, hostPort: hostPort, to: TransportPort(.tcp, 80))]
    }

    private func translations(_ scene: Scene, _ place: KernelNamespace = .host) -> [PortArrival: PortDestination] {
        scene.kernel.namespace(place)?.rules?.translations ?? [:]
    }

    @Test func `lead from the host to the network, and there to the endpoint`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        await plane.publish(web(), of: try Fixture.id("10"))
        try await scene.settle(plane)
        let onHost = translations(scene)
        let inside = translations(scene, Self.network)
        #expect(onHost.count == 2 && inside.count == 2)
        for family in IPFamily.allCases {
            let arrival = PortArrival(.tcp, IPAddress(family: family, bits: 0), port: 8080)
            let middle = try #require(onHost[arrival])
            let uplink = try #require(scene.kernel.namespace(Self.network)).addresses.filter { $0.link == "uplink0" }
            #expect(uplink.contains { $0.address.address == middle.address })
            let address = try IPAddress(family == .v4 ? "10.0.1.2" : "fd00:1::2")
            #expect(inside[PortArrival(.tcp, middle.address, port: middle.port)] == PortDestination(address, port: 80))
        }
        #expect(scene.kernel.namespace(.host)?.systemControls["net/ipv4/conf/sk111111111111/route_localnet"] == "1")
        #expect(scene.kernel.namespace(.host)?.systemControls["net/ipv4/conf/sk333333333333/route_localnet"] == nil)
    }

    @Test func `are kept until the endpoint comes, while it is away, and until they are taken back`() async throws {
        let scene = Scene()
        let plane = try scene.plane()
        await plane.publish(web(), of: try Fixture.id("10"))
        await plane.start(with: try Fixture.records() + [try Fixture.sandbox("1")])
        try await scene.settle(plane)
        #expect(translations(scene) == [:])
        let endpoint = try Fixture.endpoint("10", on: "1", at: ["10.0.1.2"], sandbox: "1")
        for _ in 0..<2 {
            await plane.update([endpoint])
            try await scene.settle(plane)
            #expect(Set(translations(scene).keys) == [PortArrival(.tcp, Self.any, port: 8080)])
            await plane.update([try Fixture.endpointGone("10", on: "1")])
            try await scene.settle(plane)
            #expect(translations(scene) == [:])
        }
        await plane.publish([], of: try Fixture.id("10"))
        await plane.update([endpoint])
        try await scene.settle(plane)
        #expect(translations(scene) == [:] && translations(scene, Self.network) == [:])
    }

    @Test func `follow the endpoint to another address`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        await plane.publish(web(), of: try Fixture.id("11"))
        await plane.update([try Fixture.endpoint("11", on: "1", at: ["10.0.1.33"], sandbox: "2")])
        try await scene.settle(plane)
        #expect(translations(scene, Self.network).values.map(\.address) == [IPAddress(10, 0, 1, 33)])
        #expect(translations(scene).count == 1)
    }

    @Test func `are written in one pass, for the host and the network alone, and nothing when they are told again`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        await plane.publish(web(at: IPAddress(10, 97, 0, 1)), of: try Fixture.id("10"))
        let (writes, dumps) = (scene.kernel.writes.count, scene.kernel.calls(.dump))
        await plane.pass()
        #expect(scene.kernel.writes.count == writes + 2 && scene.kernel.calls(.dump) == dumps)
        #expect(await plane.isDone)
        await plane.publish(web(at: IPAddress(10, 97, 0, 1)), of: try Fixture.id("10"))
        await plane.pass()
        #expect(scene.kernel.writes.count == writes + 2)
    }

    @Test func `stay over a start that is told of them (lesson 25)`() async throws {
        let scene = Scene()
        let first = try await scene.settled(try Fixture.garden())
        await first.publish(web(), of: try Fixture.id("10"))
        try await scene.settle(first)
        scene.kernel.restart()
        let count = scene.kernel.writes.count
        let plane = try scene.plane()
        await plane.publish(web(), of: try Fixture.id("10"))
        await plane.start(with: try Fixture.garden())
        try await scene.settle(plane)
        #expect(Array(scene.kernel.writes.dropFirst(count)) == [])
    }

    @Test func `are not for an internal network`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        let before = try scene.snapshot()
        await plane.publish(web(), of: try Fixture.id("20"))
        try await scene.settle(plane)
        #expect(try scene.snapshot() == before)
    }

    @Test func `of two that have one number at once, the endpoint of the lower network has it`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        for endpoint in ["30", "10"] { await plane.publish(web(at: Self.any), of: try Fixture.id(endpoint)) }
        try await scene.settle(plane)
        let destination = try #require(translations(scene)[PortArrival(.tcp, Self.any, port: 8080)])
        #expect(translations(scene, Self.network).keys.contains { $0.address == destination.address })
    }

    @Test func `are repaired: the rules, and the setting of a device that was made anew (lesson 24)`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        await plane.publish(web(), of: try Fixture.id("10"))
        try await scene.settle(plane)
        let before = try scene.snapshot()
        let deeds: [(KernelNamespace, @Sendable (inout FakeNamespace) -> Void)] = [
            (.host, { $0.rules = nil }), (.host, { $0.rules?.translations = [:] }), (Self.network, { $0.rules?.translations = [:] }),
            (.host, { $0.systemControls["net/ipv4/conf/sk111111111111/route_localnet"] = "0" }),
        ]
        for (place, deed) in deeds {
            try scene.kernel.tamper(in: place, deed)
            await plane.look()
            try await scene.settle(plane)
            #expect(try scene.snapshot() == before)
            #expect(scene.kernel.namespace(.host)?.systemControls["net/ipv4/conf/sk111111111111/route_localnet"] == "1")
        }
        #expect(try scene.kernel.apply([.deleteLink("sk111111111111")], in: .host) == [])
        await plane.look()
        try await scene.settle(plane)
        #expect(try scene.snapshot().difference(from: before) == [])
        #expect(scene.kernel.namespace(.host)?.systemControls["net/ipv4/conf/sk111111111111/route_localnet"] == "1")
    }

    @Test func `end the connections that go elsewhere, and try again when that fails`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        scene.kernel.fail(.forgetConnections)
        await plane.publish(web(at: Self.any) + web(81, at: Self.any), of: try Fixture.id("10"))
        try await scene.settle(plane)
        #expect(scene.kernel.forgotten(in: .host) == Set([8080, 81].map { PortArrival(.tcp, Self.any, port: $0) }))
        #expect(scene.kernel.forgotten(in: Self.network).count == 2)
        let calls = scene.kernel.calls(.forgetConnections)
        await plane.look()
        try await scene.settle(plane)
        #expect(scene.kernel.calls(.forgetConnections) == calls)
        await plane.publish(web(at: Self.any), of: try Fixture.id("10"))
        try await scene.settle(plane)
        #expect(scene.kernel.calls(.forgetConnections) == calls + 2)
    }

    @Test func `are waited for, and the wait tells what the kernel says`() async throws {
        let scene = Scene()
        let plane = try scene.plane(
            DataplaneOptions(settleBound: .seconds(3), linger: .zero, retryDelay: .milliseconds(5)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await plane.run() }
            await plane.start(with: try Fixture.garden())
            try await plane.settle(endpoint: try Fixture.id("10"))
            await plane.publish(web(), of: try Fixture.id("10"))
            try await plane.settle(endpoint: try Fixture.id("10"))
            #expect(translations(scene).count == 2)
            await plane.publish([], of: try Fixture.id("10"))
            try await plane.settle(endpoint: try Fixture.id("10"))
            #expect(translations(scene) == [:])
            scene.kernel.failAlways(.setRules)
            await plane.publish(web(), of: try Fixture.id("10"))
            await #expect(throws: KernelError.self) { try await plane.settle(endpoint: try Fixture.id("10")) }
            scene.kernel.heal()
            group.cancelAll()
        }
    }

    @Test func `by the thousand cost a pass that is no slower for it`() async throws {
        let scene = Scene()
        let endpoints = try (0..<50).map { number in
            try Fixture.endpoint(
                String(0x100 + number, radix: 16).padded, on: "1", at: ["10.0.1.\(50 + number)"], sandbox: "1",
                interface: "eth\(9 + number)")
        }
        let plane = try await scene.settled(try Fixture.garden() + endpoints)
        for number in 0..<50 {
            let ports = (0..<20).map {
                PortForwarding(hostPort: UInt16(20_000 + number * 20 + $0), to: TransportPort(.tcp, UInt16($0 + 1)))
            }
            await plane.publish(ports, of: try Fixture.id(String(0x100 + number, radix: 16).padded))
        }
        let writes = scene.kernel.writes.count
        await plane.pass()
        #expect(translations(scene).count == 1000)
        #expect(scene.kernel.writes.count == writes + 3, "rules of host and network, and a setting")
        #expect(await plane.isDone)
    }
}

extension String {
    /// To eight digits: a divisor of an id's length.
    fileprivate var padded: String { String(repeating: "0", count: max(0, 8 - utf8.count)) + self }
}
