import KernelNetwork
import NetworkModel
import TestSupport
import Testing

@testable import Dataplane

/// With namespaces that play containers, and commands that do what an engine does.
extension `On the real kernel` {
    private static let endpoint = "1f"
    private static let device = "ve1f1f1f1f1f1f"
    private static let space = KernelNamespace.named("skein-111111111111")

    private func view() throws -> [ViewChange] {
        try Fixture.garden() + [try Fixture.engineEndpoint(Self.endpoint, on: "1", at: ["10.0.1.7", "fd00:1::7"])]
    }

    private func run(_ command: String, in namespace: String? = nil, _ location: SourceLocation = #_sourceLocation) throws {
        let done = try host.run(command, in: namespace)
        #expect(done.status == 0, "\(command): \(done.output)", sourceLocation: location)
    }

    /// Takes the device from the host, as an engine does at a Join.
    private func join(_ device: String = Self.device, as interface: String = "eth0", at addresses: String...) throws {
        try run("ip link set \(device) netns box && ip -n box link set \(device) name \(interface)")
        for address in addresses { try run("ip -n box addr add \(address) dev \(interface) nodad") }
        try run("ip -n box link set \(interface) up")
    }

    /// A container on network 1, with the namespace of its own for as long as the test takes.
    private func withContainer(_ body: (Dataplane) async throws -> Void) async throws {
        try host.run("ip netns del box 2>/dev/null")
        let plane = try await host.settled(try view())
        try run("ip netns add box")
        defer { _ = try? host.run("ip netns del box") }
        try join(at: "10.0.1.7/24", "fd00:1::7/64")
        try run("ip -n box route add default via 10.0.1.1")
        try await body(plane)
        await plane.update([try Fixture.endpointGone(Self.endpoint, on: "1")])
        try await host.settle(plane)
        #expect(try links(of: .host).filter { $0.hasPrefix("ve") } == [])
        #expect(try !links(of: Self.space).contains("v1f1f1f1f1f1f"))
        try await leave(plane)
    }

    private func links(of place: KernelNamespace) throws -> [String] { try host.kernel.dump(place).links.keys.sorted() }

    @Test func `an engine's device waits on the host, down and without an address`() async throws {
        let plane = try await host.settled(try view())
        let state = try host.kernel.dump(.host)
        let link = try #require(state.links[Self.device])
        #expect(!link.isUp)
        #expect(link.mac == (try MACAddress("02:42:0a:00:01:07")))
        #expect(link.mtu == 1450)
        #expect(link.alias == String(repeating: "1f", count: 32))
        #expect(state.addresses.allSatisfy { $0.link != Self.device })
        await plane.update([try Fixture.endpointGone(Self.endpoint, on: "1")])
        try await host.settle(plane)
        #expect(try links(of: .host).filter { $0.hasPrefix("ve") } == [])
        try await leave(plane)
    }

    @Test func `a container and a sandbox reach each other, the first packet included (lesson 20)`() async throws {
        try await withContainer { _ async throws in
            #expect(try host.reaches("10.0.1.2", from: "box"))
            #expect(try host.reaches("fd00:1::2", from: "box"))
            #expect(try host.reaches("10.0.1.7", from: "sk-box2"))
            #expect(try host.reaches("fd00:1::7", from: "sk-box2"))
            #expect(try host.reaches("10.0.1.1", from: "box"))
            #expect(try !host.reaches("172.18.0.2", from: "box"))
        }
    }

    @Test func `a container reaches the name service by its way out, and on an internal network by a route of its own`() async throws {
        try await withContainer { plane async throws in
            #expect(try host.reaches("169.254.53.53", from: "box"))
            await plane.update([try Fixture.engineEndpoint("2f", on: "2", at: ["10.0.2.7"])])
            try await host.settle(plane)
            try run("ip -n box link set eth0 down")
            try join("ve2f2f2f2f2f2f", as: "eth1", at: "10.0.2.7/24")
            #expect(try !host.reaches("169.254.53.53", from: "box"))
            try run("ip -n box route add 169.254.53.53/32 dev eth1")
            #expect(try host.reaches("169.254.53.53", from: "box"))
            await plane.update([try Fixture.endpointGone("2f", on: "2")])
            try await host.settle(plane)
        }
    }

    @Test func `a container's device is left alone, also by the next life (lesson 25)`() async throws {
        try await withContainer { plane async throws in
            let writes = host.kernel.writes
            let index = try host.kernel.dump(.named("box")).links["eth0"]?.index
            await plane.look()
            try await host.settle(plane)
            let next = try await host.settled(try view())
            await next.look()
            try await host.settle(next)
            #expect(host.kernel.writes == writes)
            #expect(try host.kernel.dump(.named("box")).links["eth0"]?.index == index)
            #expect(try host.reaches("10.0.1.2", from: "box"))
        }
    }

    @Test func `a device that the engine brought back is left alone, and goes with its endpoint`() async throws {
        try await withContainer { plane async throws in
            try run("ip -n box link set eth0 down && ip -n box link set eth0 name \(Self.device)")
            try run("ip -n box link set \(Self.device) netns 1")
            #expect(try links(of: .host).contains(Self.device))
            let writes = host.kernel.writes
            await plane.look()
            try await host.settle(plane)
            #expect(host.kernel.writes == writes)
        }
    }

    @Test func `a device that died with its container is made again while its endpoint is there`() async throws {
        try await withContainer { plane async throws in
            try run("ip netns del box && ip netns add box")
            try await eventually("the kernel has removed the pair") { try !links(of: Self.space).contains("v1f1f1f1f1f1f") }
            await plane.look()
            try await host.settle(plane)
            try join(at: "10.0.1.7/24")
            #expect(try host.reaches("10.0.1.2", from: "box"))
        }
    }

    @Test func `an attach of a container is quick, and its moves make no work`() async throws {
        let plane = try host.plane(DataplaneOptions(monitorDelay: .milliseconds(20), linger: .milliseconds(50)))
        try host.run("ip netns del box 2>/dev/null")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await plane.run() }
            await plane.start(with: try Fixture.garden())
            try await plane.settle(endpoint: try Fixture.id("10"))
            try run("ip netns add box")
            let clock = ContinuousClock()
            var times: [Duration] = []
            for round in 0..<10 {
                let start = clock.now
                await plane.update([try Fixture.engineEndpoint(Self.endpoint, on: "1", at: ["10.0.1.7"])])
                try await plane.settle(endpoint: try Fixture.id(Self.endpoint))
                times.append(clock.now - start)
                let writes = host.kernel.writes
                try join(at: "10.0.1.7/24")
                #expect(try host.reaches("10.0.1.2", from: "box"), "round \(round)")
                try await eventually("the monitors' words were looked into") { await plane.isQuiet }
                #expect(host.kernel.writes == writes, "round \(round)")
                await plane.update([try Fixture.endpointGone(Self.endpoint, on: "1")])
                try await plane.settle(endpoint: try Fixture.id("10"))
                #expect(try !links(of: .named("box")).contains("eth0"), "round \(round)")
            }
            print("attach of a container: median \(times.sorted()[5]), most \(times.max() ?? .zero)")
            try run("ip netns del box")
            await plane.update(try Fixture.gone())
            try await eventually("all is gone") { try host.kernel.namespaces().allSatisfy { !$0.hasPrefix("sk") } }
            group.cancelAll()
        }
    }
}
