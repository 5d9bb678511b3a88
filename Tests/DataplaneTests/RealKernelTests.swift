import Foundation
import KernelNetwork
import NetworkModel
import TestSupport
import Testing

@testable import Dataplane

@Suite(RealHost.condition, .serialized) struct `On the real kernel` {
    let host: RealHost

    init() throws {
        host = try RealHost()
    }

    func leave(_ plane: Dataplane) async throws {
        await plane.update(try Fixture.gone())
        try await host.settle(plane)
        #expect(try host.kernel.namespaces().filter { $0.hasPrefix("sk") } == [])
        #expect(try host.kernel.dump(.host).links.keys.filter { $0.hasPrefix("sk") } == [])
        #expect(try host.kernel.rules(in: .host) == nil)
        #expect(try host.files.namespaces() == [])
    }

    @Test func `two sandboxes reach each other by both families, the first packet included (lesson 20)`() async throws {
        let plane = try await host.settled(try Fixture.garden())
        #expect(try host.reaches("10.0.1.3", from: "sk-box1"))
        #expect(try host.reaches("fd00:1::3", from: "sk-box1"))
        #expect(try host.reaches("10.0.1.1", from: "sk-box2"))
        #expect(try host.reaches("fd00:1::1", from: "sk-box2"))
        try await leave(plane)
    }

    /// Beside the host, and without a way back to any network: what reaches it has the host's address.
    private static let outside = """
        ip netns add outside && ip link add out0 type veth peer name eth0 netns outside && ip addr add 198.51.100.2/24 dev out0 &&
        ip addr add 2001:db8::2/64 dev out0 nodad && ip link set out0 up && ip -n outside addr add 198.51.100.1/24 dev eth0 &&
        ip -n outside addr add 2001:db8::1/64 dev eth0 nodad && ip -n outside link set eth0 up
        """

    @Test func `a sandbox does not reach a network that it is not on, and reaches what the host does`() async throws {
        let plane = try await host.settled(try Fixture.garden())
        let made = try host.run(Self.outside)
        #expect(made.status == 0, "\(made.output)")
        defer { _ = try? host.run("ip netns del outside") }
        // As Docker leaves a host.
        try host.run("nft 'add table ip filter; add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }'")
        await plane.look()
        try await host.settle(plane)
        #expect(try host.reaches("198.51.100.1", from: "sk-box2"))
        #expect(try host.reaches("2001:db8::1", from: "sk-box2"))
        try host.run("nft delete table ip filter")
        #expect(try !host.reaches("172.18.0.2", from: "sk-box2"))
        #expect(try !host.reaches("10.0.2.2", from: "sk-box2"))
        try await leave(plane)
    }

    @Test func `a start over writes nothing when all is right (lesson 25)`() async throws {
        _ = try await host.settled(try Fixture.garden())
        let writes = host.kernel.writes
        let plane = try await host.settled(try Fixture.garden())
        #expect(host.kernel.writes == writes)
        try await leave(plane)
    }

    @Test func `what was tampered with is repaired (lesson 6)`() async throws {
        let plane = try await host.settled(try Fixture.garden())
        let space = "skein-111111111111"
        let before = try host.kernel.dump(.named(space))
        let tampering = [
            "ip neigh replace 10.0.1.4 lladdr 02:00:00:00:00:01 dev br0 nud permanent", "ip neigh del 10.0.1.4 dev br0",
            "bridge fdb del 02:42:0a:00:01:04 dev vxlan0 self", "bridge fdb del 02:42:0a:00:01:04 dev vxlan0 master",
            "bridge fdb add 02:42:0a:00:01:77 dev vxlan0 dst 10.98.0.103 self",
            "bridge fdb replace 02:42:0a:00:01:04 dev vxlan0 dst 10.97.0.9 self",
            "bridge fdb append 02:42:0a:00:01:04 dev vxlan0 dst 10.97.0.9 self", "ip addr flush dev br0", "ip link set br0 down",
            "ip link set br0 address 02:00:00:00:00:99", "bridge link set dev vxlan0 learning on flood on", "ip link set vxlan0 mtu 1300",
            "ip link del vxlan0", "ip link del uplink0", "ip link del v101010101010", "ip link set v101010101010 nomaster",
            "ip link del br0",
            "nft flush ruleset", "ip route del default", "ip link set uplink0 down",
        ]
        for command in tampering {
            let made = try host.run(command, in: space)
            #expect(made.status == 0, "\(command): \(made.output)")
            await plane.look()
            try await host.settle(plane)
            let after = try host.kernel.dump(.named(space))
            #expect(after.neighbours == before.neighbours, "\(command)")
            #expect(after.forwarding == before.forwarding && after.halfForwarding == before.halfForwarding, "\(command)")
            #expect(after.routes == before.routes, "\(command)")
            #expect(Set(after.links.keys) == Set(before.links.keys), "\(command)")
            #expect(try host.reaches("10.0.1.3", from: "sk-box1"), "\(command)")
        }
        try await leave(plane)
    }

    @Test func `a sandbox's devices, or its namespace, are made again`() async throws {
        let plane = try await host.settled(try Fixture.garden())
        for command in [
            "ip -n sk-box1 link del eth0", "ip -n sk-box1 link set eth0 down", "ip -n sk-box1 addr flush dev eth0", "ip netns del sk-box1",
            "ip link del sk111111111111", "ip netns del skein-111111111111", "nft flush ruleset",
        ] {
            let made = try host.run(command)
            #expect(made.status == 0, "\(command): \(made.output)")
            await plane.look()
            try await host.settle(plane)
            #expect(try host.reaches("10.0.1.3", from: "sk-box1"), "\(command)")
            #expect(try host.reaches("fd00:1::3", from: "sk-box1"), "\(command)")
        }
        try await leave(plane)
    }

    @Test func `a network's namespace that lost its name, with a socket open in it, is made anew`() async throws {
        let plane = try host.plane(sites: SocketSites(host.kernel))
        await plane.start(with: try Fixture.garden())
        try await host.settle(plane)
        let made = try host.run("ip netns del skein-111111111111")
        #expect(made.status == 0, "\(made.output)")
        await plane.look()
        try await host.settle(plane)
        #expect(try host.reaches("10.0.1.3", from: "sk-box1"))
        #expect(try host.kernel.namespaces().contains("skein-111111111111"))
        try await leave(plane)
    }

    @Test func `a namespace of somebody else's holds up the sandbox of its name only`() async throws {
        try host.run("ip netns add sk-box1")
        let plane = try host.plane()
        await plane.start(with: try Fixture.garden())
        let blocked = Item.sandbox(try Fixture.id("1"))
        try await eventually("all but that sandbox is there") {
            await plane.pass()
            return await Set(plane.troubles.keys) == [blocked]
        }
        #expect(try host.reaches("10.0.1.1", from: "sk-box2"))
        try host.run("ip netns del sk-box1")
        try await host.settle(plane)
        #expect(try host.reaches("10.0.1.3", from: "sk-box1"))
        try await leave(plane)
    }

    @Test func `twenty thousand remote endpoints are there`() async throws {
        let view =
            try Fixture.records() + [
                try Fixture.network("4", subnets: [("10.64.0.0/16", "10.64.0.1")]), try Fixture.sandbox("1"),
                try Fixture.endpoint("41", on: "4", at: ["10.64.0.9"], sandbox: "1"),
            ]
        let plane = try await host.settled(view)
        let changes = try (0..<20_000).map { number -> ViewChange in
            try Fixture.endpoint(
                String(0x1000_0000 + number, radix: 16), on: "4", at: ["10.64.\(1 + number / 250).\(1 + number % 250)"], node: "b")
        }
        let clock = ContinuousClock()
        let start = clock.now
        await plane.update(changes)
        let planned = clock.now
        try await host.settle(plane)
        print("20,000 remote endpoints: planned in \(planned - start), programmed in \(clock.now - planned)")
        let state = try host.kernel.dump(.named("skein-444444444444"))
        #expect(state.neighbours.count == 20_001)
        #expect(state.forwarding.count == 20_000)
        await plane.update([try Fixture.endpointGone("41", on: "4"), try Fixture.sandboxGone("1")])
        try await host.settle(plane)
        try await leave(plane)
    }

    @Test func `an attach is quick`() async throws {
        let plane = try plane()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await plane.run() }
            await plane.start(with: try Fixture.garden())
            try await plane.settle(endpoint: try Fixture.id("10"))
            let clock = ContinuousClock()
            var times: [Duration] = []
            for round in 0..<40 {
                let start = clock.now
                await plane.update([try Fixture.endpoint("1f", on: "1", at: ["10.0.1.31"], sandbox: "2", interface: "eth1")])
                try await plane.settle(endpoint: try Fixture.id("1f"))
                times.append(clock.now - start)
                #expect(try host.kernel.dump(.named("sk-box2")).links["eth1"]?.isUp == true, "round \(round)")
                await plane.update([try Fixture.endpointGone("1f", on: "1")])
                try await plane.settle(sandbox: try Fixture.id("2"))
            }
            print("attach: median \(times.sorted()[20]), most \(times.max() ?? .zero)")
            await plane.update(try Fixture.gone())
            try await eventually("all is gone") { try host.kernel.namespaces().allSatisfy { !$0.hasPrefix("sk") } }
            group.cancelAll()
        }
    }

    private func plane() throws -> Dataplane { try host.plane(DataplaneOptions(linger: .milliseconds(50))) }
}
