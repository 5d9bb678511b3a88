import Glibc
import KernelNetwork
import NetworkModel
import Testing

@Suite(Lab.condition) struct EntryTests {
    private let lab: Lab
    private let place: KernelNamespace
    private var kernel: LinuxKernel { lab.kernel }

    init() throws {
        lab = try Lab()
        place = try lab.namespace()
        try lab.apply(
            [
                .addLink(LinkSpec(name: "br0", kind: .bridge, mac: MACAddress("02:42:0a:07:00:01"))),
                .addLink(
                    LinkSpec(name: "vxlan0", kind: .vxlan(Lab.vni(), port: 4789, local: IPAddress(127, 0, 0, 1)), master: "br0")),
            ], in: place)
    }

    private let mac = MACAddress(bits: 0x0242_0a07_0009)
    private let vteps = [IPAddress(10, 97, 0, 2), IPAddress(10, 97, 0, 3)]

    private func failures(_ changes: KernelChange...) throws -> [KernelError.Code] {
        try kernel.apply(changes, in: place).map(\.error.code)
    }

    private func entry(_ address: String) throws -> AddressEntry {
        AddressEntry(link: "br0", address: try InterfaceAddress(address))
    }

    private func route(_ destination: String, by gateway: String? = nil) throws -> RouteEntry {
        RouteEntry(destination: try Subnet(destination), gateway: try gateway.map { try IPAddress($0) }, link: "br0")
    }

    // MARK: Addresses and routes

    @Test(arguments: [("10.7.0.1/24", "10.7.0.0/24"), ("fd07::1/64", "fd07::/64"), ("169.254.128.0/31", "169.254.128.0/31")])
    func `an address brings the route of its subnet, and takes it along`(address: String, subnet: String) throws {
        for _ in 0..<2 { try lab.apply([.replaceAddress(entry(address))], in: place) }
        var state = try kernel.dump(place)
        #expect(try state.addresses.filter { $0.link == "br0" } == [entry(address)])
        #expect(try state.routes.filter { $0.link == "br0" } == [route(subnet)])
        for _ in 0..<2 { try lab.apply([.deleteAddress(entry(address))], in: place) }
        state = try kernel.dump(place)
        #expect(state.addresses.filter { $0.link == "br0" } == [])
        #expect(state.routes.filter { $0.link == "br0" } == [])
    }

    @Test(arguments: ["10.7.0.1/32", "fd07::1/128"])
    func `an address without a subnet brings no route`(address: String) throws {
        try lab.apply([.replaceAddress(entry(address))], in: place)
        #expect(try kernel.dump(place).routes.filter { $0.link == "br0" } == [])
    }

    @Test func `an IPv6 address can be used at once`() throws {
        try lab.apply([.replaceAddress(entry("fd07::1/64"))], in: place)
        #expect(try !shell("ip -n \(place.name) -6 address show dev br0").output.contains("fd07::1/64 scope global tentative"))
    }

    @Test(arguments: [("0.0.0.0/0", "10.7.0.254"), ("10.9.0.0/16", "10.7.0.254"), ("::/0", "fd07::ff"), ("fd09::/48", "fd07::ff")])
    func `a route is written, replaced and deleted`(destination: String, gateway: String) throws {
        try lab.apply([.replaceAddress(entry("10.7.0.1/24")), .replaceAddress(entry("fd07::1/64"))], in: place)
        let before = try kernel.dump(place).routes
        let wanted = try route(destination, by: gateway)
        for _ in 0..<2 { try lab.apply([.replaceRoute(wanted)], in: place) }
        #expect(try kernel.dump(place).routes == before.union([wanted]))
        let other = try route(destination, by: gateway == "fd07::ff" ? "fd07::fe" : "10.7.0.253")
        try lab.apply([.replaceRoute(other)], in: place)
        #expect(try kernel.dump(place).routes == before.union([other]))
        try lab.apply([.deleteRoute(wanted)], in: place)
        #expect(try kernel.dump(place).routes == before.union([other]))
        for _ in 0..<2 { try lab.apply([.deleteRoute(other)], in: place) }
        #expect(try kernel.dump(place).routes == before)
    }

    @Test func `a route that leads nowhere is refused with its name`() throws {
        let failure = try kernel.apply([.replaceRoute(route("10.9.0.0/16", by: "10.7.0.254"))], in: place).first?.error
        #expect(failure?.code == .errno(ENETUNREACH))
        #expect(failure?.message.hasPrefix("cannot add the route to 10.9.0.0/16 by br0 in \(place.name): network is unreachable") == true)
        #expect(try failures(.replaceRoute(route("fd09::/48", by: "fd07::ff"))) == [.errno(EHOSTUNREACH)])
        try lab.apply([.updateLink("br0", LinkUpdate(isUp: false))], in: place)
        #expect(
            try failures(.replaceRoute(route("10.9.0.0/16")), .replaceRoute(route("fd09::/48"))) == [.errno(ENETDOWN), .errno(ENETDOWN)])
    }

    // MARK: Neighbours

    @Test(arguments: ["10.7.0.9", "fd07::9"])
    func `a neighbour is permanent, and replaced and deleted by its address`(address: String) throws {
        var neighbour = NeighbourEntry(link: "br0", address: try IPAddress(address), mac: mac)
        try lab.apply([.replaceNeighbour(neighbour)], in: place)
        #expect(try kernel.dump(place).neighbours == [neighbour])
        neighbour.mac = MACAddress(bits: mac.bits + 1)
        for _ in 0..<2 { try lab.apply([.replaceNeighbour(neighbour)], in: place) }
        #expect(try kernel.dump(place).neighbours == [neighbour])
        for _ in 0..<2 { try lab.apply([.deleteNeighbour(neighbour)], in: place) }
        #expect(try kernel.dump(place).neighbours == [])
    }

    @Test func `a neighbour that the kernel may forget is not shown`() throws {
        try shell("ip -n \(place.name) neigh replace 10.7.0.9 lladdr \(mac) dev br0 nud reachable")
        #expect(try kernel.dump(place).neighbours == [])
    }

    // MARK: Forwarding entries

    @Test func `a forwarding entry is the device's and the bridge's, and is replaced and deleted`() throws {
        var entry = ForwardingEntry(link: "vxlan0", mac: mac, vtep: vteps[0])
        try lab.apply([.replaceForwarding(entry)], in: place)
        let shown = try shell("ip netns exec \(place.name) bridge fdb show").output.split(separator: "\n").filter { $0.contains("\(mac)") }
        #expect(shown.count == 2, "\(shown)")
        #expect(shown.allSatisfy { $0.contains("static") }, "\(shown)")
        entry.vtep = vteps[1]
        for _ in 0..<2 { try lab.apply([.replaceForwarding(entry)], in: place) }
        #expect(try kernel.dump(place).forwarding == [entry])
        for _ in 0..<2 { try lab.apply([.deleteForwarding(entry)], in: place) }
        #expect(try !shell("ip netns exec \(place.name) bridge fdb show").output.contains("\(mac)"))
    }

    @Test(arguments: ["self", "master"])
    func `an entry that lacks a half is shown as half, written whole, and deleted all the same`(half: String) throws {
        let entry = ForwardingEntry(link: "vxlan0", mac: mac, vtep: vteps[0])
        let delete = "ip netns exec \(place.name) bridge fdb del \(mac) dev vxlan0 \(half == "self" ? "dst \(vteps[0])" : "") \(half)"
        try lab.apply([.replaceForwarding(entry)], in: place)
        try shell(delete)
        var state = try kernel.dump(place)
        #expect(state.forwarding == [])
        #expect(state.halfForwarding == (half == "master" ? [entry] : []))
        try lab.apply([.replaceForwarding(entry)], in: place)
        #expect(try kernel.dump(place).forwarding == [entry])
        try shell(delete)
        try lab.apply([.deleteForwarding(entry)], in: place)
        state = try kernel.dump(place)
        #expect(state.forwarding.union(state.halfForwarding) == [])
        #expect(try !shell("ip netns exec \(place.name) bridge fdb show").output.contains("\(mac)"))
    }

    @Test func `the flooding entry has a VTEP for each host`() throws {
        let entries = vteps.map { ForwardingEntry(link: "vxlan0", mac: MACAddress(bits: 0), vtep: $0) }
        for _ in 0..<2 { try lab.apply(entries.map { .replaceForwarding($0) }, in: place) }
        #expect(try kernel.dump(place).forwarding == Set(entries))
        for _ in 0..<2 { try lab.apply([.deleteForwarding(entries[0])], in: place) }
        #expect(try kernel.dump(place).forwarding == [entries[1]])
    }

    // MARK: Many

    @Test func `what fails is told by its place, and the rest is written`() throws {
        let entries = (0..<3000).map { number in
            NeighbourEntry(
                link: number % 1000 == 7 ? "absent" : "br0", address: IPAddress(family: .v4, bits: 0x0a08_0000 + UInt128(number)), mac: mac)
        }
        let failures = try kernel.apply(entries.map { .replaceNeighbour($0) }, in: place)
        #expect(failures.map(\.index) == [7, 1007, 2007])
        #expect(
            failures.first?.error
                == KernelError(.errno(ENODEV), "cannot add the neighbour 10.8.0.7 to absent in \(place.name): no device absent"))
        #expect(try kernel.dump(place).neighbours.count == 2997)
    }

    @Test func `names that no device can have are devices that are not there`() throws {
        let long = String(repeating: "x", count: 5000)
        for name in ["", "a-name-that-is-too-long", long] {
            let entry = NeighbourEntry(link: name, address: IPAddress(10, 7, 0, 9), mac: mac)
            #expect(try failures(.replaceNeighbour(entry)) == [.errno(ENODEV)])
            try lab.apply([.deleteNeighbour(entry), .deleteLink(name.isEmpty ? "absent" : "absent2")], in: place)
        }
        #expect(try !kernel.apply([.deleteLink(long), .deleteLink(long), .updateLink(long, LinkUpdate(mtu: 1400))], in: place).isEmpty)
    }

    @Test func `refusals come back for all of a large batch`() throws {
        // The device is there and is no VXLAN device: the kernel itself refuses each.
        let entries = (0..<5000).map { ForwardingEntry(link: "lo", mac: MACAddress(bits: mac.bits + UInt64($0)), vtep: vteps[0]) }
        let failures = try kernel.apply(entries.map { .replaceForwarding($0) }, in: place)
        #expect(failures.map(\.index) == Array(entries.indices))
        #expect(failures.allSatisfy { $0.error.code != .errno(ENOBUFS) })
    }

    @Test func `20,000 neighbours and forwarding entries are written and read back whole (lesson 21)`() throws {
        let addresses = (0..<20_000).map { IPAddress(family: .v4, bits: 0x0a08_0000 + $0) }
        let neighbours = addresses.map {
            NeighbourEntry(link: "br0", address: $0, mac: MACAddress(bits: 0x0242_0000_0000 | UInt64($0.bits)))
        }
        let entries = neighbours.map { ForwardingEntry(link: "vxlan0", mac: $0.mac, vtep: vteps[0]) }
        try lab.apply(neighbours.map { .replaceNeighbour($0) } + entries.map { .replaceForwarding($0) }, in: place)
        let state = try kernel.dump(place)
        #expect(state.neighbours == Set(neighbours))
        #expect(state.forwarding == Set(entries))
        try lab.apply(neighbours.map { .deleteNeighbour($0) } + entries.map { .deleteForwarding($0) }, in: place)
        let empty = try kernel.dump(place)
        #expect(empty.neighbours.isEmpty && empty.forwarding.isEmpty && empty.halfForwarding.isEmpty)
    }
}
