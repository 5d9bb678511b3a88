import Foundation
import NetworkModel
import Synchronization
import TestSupport
import Testing

@testable import KernelNetwork

@Suite(Lab.condition, .timeLimit(.minutes(2))) struct MonitorTests {
    private let lab: Lab
    private let place: KernelNamespace
    private var kernel: LinuxKernel { lab.kernel }

    init() throws {
        lab = try Lab()
        place = try lab.namespace()
        try lab.apply([.addLink(LinkSpec(name: "br0", kind: .bridge)), .addLink(vxlan())], in: place)
    }

    private func vxlan() throws -> LinkSpec {
        LinkSpec(name: "vxlan0", kind: .vxlan(try Lab.vni(), port: 4789, local: IPAddress(127, 0, 0, 1)), master: "br0")
    }

    /// What somebody else may do, and a monitor must tell.
    private static let deeds = [
        "ip link set br0 alias x", "ip address add 10.7.0.1/24 dev br0", "ip address add fd07::1/64 dev br0",
        "ip link add v0 type veth peer name v1", "ip neigh replace 10.7.0.9 lladdr 02:42:0a:07:00:09 dev br0 nud permanent",
        "bridge fdb replace 02:42:0a:07:00:09 dev vxlan0 dst 10.97.0.2 self static",
        "bridge fdb replace 02:42:0a:07:00:09 dev vxlan0 master static", "ip route add 10.9.0.0/16 dev br0",
        "nft add table inet other",
    ]

    @Test(arguments: deeds)
    func `a change is told, whoever made it`(deed: String) async throws {
        let changes = try kernel.changes(in: place)
        var events = changes.makeAsyncIterator()
        try #require(try shell("ip netns exec \(place.name) \(deed)").status == 0)
        #expect(await events.next() == .changed)
    }

    @Test func `what a deletion takes away is told`() async throws {
        let neighbour = NeighbourEntry(link: "br0", address: IPAddress(10, 7, 0, 9), mac: MACAddress(bits: 1))
        try lab.apply([.replaceNeighbour(neighbour)], in: place)
        var events = try kernel.changes(in: place).makeAsyncIterator()
        try shell("ip -n \(place.name) neigh del 10.7.0.9 dev br0")
        #expect(await events.next() == .changed)
    }

    @Test func `what the kernel learns by itself is not told, and neither is another namespace`() async throws {
        let other = try lab.namespace()
        let changes = try kernel.changes(in: place)
        let told = Told(changes)
        try shell("ip -n \(place.name) neigh replace 10.7.0.9 lladdr 02:42:0a:07:00:09 dev br0 nud reachable")
        try lab.apply([.addLink(LinkSpec(name: "br0", kind: .bridge))], in: other)
        try kernel.deleteNamespace(place.name)
        try await eventually("the stream has ended") { told.isOver }
        // Deleting the namespace deletes its devices, and that is told; nothing was before.
        #expect(told.events.allSatisfy { $0 == .changed })
    }

    @Test func `many changes are told as few events`() async throws {
        let changes = try kernel.changes(in: place)
        let entries = (0..<2000).map {
            NeighbourEntry(link: "br0", address: IPAddress(family: .v4, bits: 0x0a08_0000 + $0), mac: MACAddress(bits: 1))
        }
        try lab.apply(entries.map { .replaceNeighbour($0) }, in: place)
        var events = changes.makeAsyncIterator()
        #expect(await events.next() == .changed)
        // One waits at most.
        try kernel.deleteNamespace(place.name)
        var rest = 0
        while await events.next() != nil { rest += 1 }
        #expect(rest <= 2)
    }

    @Test func `lost notifications are told, and the stream goes on`() async throws {
        // A queue that holds a few notifications only.
        let small = try LinuxKernel(monitorQueue: 1)
        let told = Told(try small.changes(in: place))
        let entries = (0..<5000).map {
            NeighbourEntry(link: "br0", address: IPAddress(family: .v4, bits: 0x0a08_0000 + $0), mac: MACAddress(bits: 1))
        }
        try await eventually("an overrun was told") {
            for mac in [1, 2] as [UInt64] {
                try lab.apply(
                    entries.map { .replaceNeighbour(NeighbourEntry(link: "br0", address: $0.address, mac: MACAddress(bits: mac))) },
                    in: place)
            }
            return told.events.contains(.overrun)
        }
        let before = told.events.count
        try lab.apply([.updateLink("br0", LinkUpdate(alias: "after"))], in: place)
        try await eventually("a change after the overrun was told") { told.events.count > before }
        try small.deleteNamespace(place.name)
        try await eventually("the stream has ended") { told.isOver }
    }

    @Test func `an overrun that nobody has seen yet is not replaced by a mere change`() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: KernelEvent.self, bufferingPolicy: .bufferingNewest(1))
        let sockets = try MonitorSockets(queueSize: 1 << 16)
        let watcher = Watcher(place: .host, identity: try NamespaceIdentity(of: .host), sockets: sockets, continuation: continuation)
        for event in [.changed, .overrun, .changed, .changed] as [KernelEvent] { watcher.tell(event) }
        continuation.finish()
        var events: [KernelEvent] = []
        for await event in stream { events.append(event) }
        #expect(events == [.overrun])
    }

    @Test func `a stream that is given up is not read any more`() async throws {
        let before = try descriptors()
        let task = Task { [kernel, place] in
            for await _ in try kernel.changes(in: place) {}
        }
        try await eventually("it is being watched") { try descriptors() > before }
        task.cancel()
        _ = try? await task.value
        try await eventually("its sockets are closed") { try descriptors() <= before }
    }

    /// How many sockets there are in the namespace that somebody listens for changes on.
    private func descriptors() throws -> Int {
        try shell("ip netns exec \(place.name) cat /proc/net/netlink").output.split(separator: "\n").filter { line in
            let fields = line.split(whereSeparator: \.isWhitespace)
            return fields.count > 3 && fields[3] != "00000000" && fields[3] != "Groups"
        }.count
    }
}

/// Everything that a stream has told.
private final class Told: Sendable {
    private let state = Mutex<(events: [KernelEvent], isOver: Bool)>(([], false))

    init(_ stream: AsyncStream<KernelEvent>) {
        Task { [self] in
            for await event in stream { state.withLock { $0.events.append(event) } }
            state.withLock { $0.isOver = true }
        }
    }

    var events: [KernelEvent] { state.withLock { $0.events } }
    var isOver: Bool { state.withLock { $0.isOver } }
}
