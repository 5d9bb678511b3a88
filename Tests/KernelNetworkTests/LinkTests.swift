import Glibc
import KernelNetwork
import NetworkModel
import Testing

@Suite(Lab.condition) struct LinkTests {
    private let lab: Lab
    private let place: KernelNamespace
    private var kernel: LinuxKernel { lab.kernel }

    init() throws {
        lab = try Lab()
        place = try lab.namespace()
    }

    private func link(_ name: String) throws -> LinkState {
        try #require(try kernel.dump(place).links[name])
    }

    private func code(of change: KernelChange) throws -> KernelError.Code? {
        try kernel.apply([change], in: place).first?.error.code
    }

    // MARK: Bridges

    @Test func `a bridge keeps its MAC and its MTU, whatever its ports have`() throws {
        let mac = try MACAddress("02:42:0a:07:00:01")
        let pair = LinkSpec(name: "p0", kind: .veth(peer: VethPeer(name: "p1", namespace: place)), mtu: 1400, master: "br0")
        try lab.apply([.addLink(LinkSpec(name: "br0", kind: .bridge, mac: mac, mtu: 1450, alias: "id")), .addLink(pair)], in: place)
        var bridge = try link("br0")
        #expect((bridge.kind, bridge.mac, bridge.mtu, bridge.alias) == (.bridge, mac, 1450, "id"))
        #expect(bridge.isUp)
        try lab.apply([.deleteLink("p0")], in: place)
        bridge = try link("br0")
        #expect(bridge.mtu == 1450)
        #expect(bridge.mac == mac)
    }

    @Test func `the switches of a bridge port are written and read`() throws {
        let pair = LinkSpec(name: "p0", kind: .veth(peer: VethPeer(name: "p1", namespace: place)), master: "br0")
        try lab.apply([.addLink(LinkSpec(name: "br0", kind: .bridge)), .addLink(pair)], in: place)
        #expect(try link("p0").port == BridgePortFlags(learning: true, flooding: true, neighbourSuppression: false))
        #expect(try link("p1").port == nil)
        let flags = BridgePortFlags(learning: false, flooding: false, neighbourSuppression: true)
        try lab.apply([.setBridgePort("p0", flags)], in: place)
        #expect(try link("p0").port == flags)
        // A switch that is one of three for us, and was set alone: no flags of ours are equal to that.
        try shell("ip netns exec \(place.name) bridge link set dev p0 bcast_flood on")
        #expect(try link("p0").port == nil)
        #expect(try code(of: .setBridgePort("p1", flags)) == .errno(EOPNOTSUPP))
        #expect(try code(of: .setBridgePort("absent", flags)) == .errno(ENODEV))
    }

    // MARK: VXLAN

    @Test func `a VXLAN device is made in its namespace and its socket stays with the host`() throws {
        let (vni, port) = (try Lab.vni(), UInt16(20_000 + Lab.unique()))
        try lab.apply(
            [
                .addLink(LinkSpec(name: "br0", kind: .bridge)),
                .addLink(
                    LinkSpec(
                        name: "vxlan0", kind: .vxlan(vni, port: port, local: IPAddress(127, 0, 0, 1)), mtu: 1450, master: "br0",
                        alias: "id")),
            ], in: place)
        let device = try link("vxlan0")
        #expect(device.kind == .vxlan(vni, port: port, local: IPAddress(127, 0, 0, 1)))
        #expect((device.mtu, device.master, device.alias) == (1450, "br0", "id"))
        #expect(device.isUp)
        #expect(try kernel.dump(.host).links["vxlan0"] == nil)
        #expect(try shell("ss -lunH").output.contains(":\(port) "))
        #expect(try !shell("ip netns exec \(place.name) ss -lunH").output.contains(":\(port) "))
    }

    @Test func `a VXLAN device over IPv6 is the same`() throws {
        let vni = try Lab.vni()
        let local = try IPAddress("::1")
        try lab.apply([.addLink(LinkSpec(name: "vxlan0", kind: .vxlan(vni, port: 4789, local: local), mtu: 1430))], in: place)
        #expect(try link("vxlan0").kind == .vxlan(vni, port: 4789, local: local))
    }

    @Test func `a VXLAN device that learns is none of ours`() throws {
        let vni = try Lab.vni()
        try shell("ip link add vxlan0 netns \(place.name) type vxlan id \(vni) dstport 4789 local 127.0.0.1 learning")
        #expect(try link("vxlan0").kind == .other("vxlan"))
    }

    @Test func `a VNI that is in use names the device, and leaves nothing behind`() throws {
        let vni = try Lab.vni()
        let other = try lab.namespace()
        let spec = LinkSpec(name: "vxlan0", kind: .vxlan(vni, port: 4789, local: IPAddress(127, 0, 0, 1)))
        try lab.apply([.addLink(spec)], in: other)
        let failures = try kernel.apply([.addLink(spec)], in: place)
        #expect(failures.map(\.error.code) == [.errno(EEXIST)])
        #expect(
            failures.first?.error.message.hasPrefix("cannot add vxlan0 with VNI \(vni) and UDP port 4789 in \(place.name): file exists")
                == true)
        #expect(try kernel.dump(place).links.keys.sorted() == ["lo"])
        #expect(try kernel.dump(.host).links["vxlan0"] == nil)
    }

    @Test func `a port that another program has is named (lesson 22)`() throws {
        let port = UInt16(20_000 + Lab.unique())
        // VXLAN's own socket is on all addresses.
        let holder = try kernel.openSocket(.datagram, at: IPAddress(0, 0, 0, 0), port: port, in: .host)
        defer { close(holder) }
        let vni = try Lab.vni()
        let failure = try kernel.apply(
            [.addLink(LinkSpec(name: "vxlan0", kind: .vxlan(vni, port: port, local: IPAddress(127, 0, 0, 1))))], in: place
        ).first?.error
        let message = "cannot add vxlan0 with VNI \(vni) and UDP port \(port) in \(place.name): address already in use"
        #expect(failure == KernelError(.errno(EADDRINUSE), message))
        #expect(try kernel.dump(place).links.keys.sorted() == ["lo"])
    }

    // MARK: veth

    @Test func `a veth pair is made in two namespaces with all that it should have`() throws {
        let other = try lab.namespace()
        let (mac, peerMAC) = (try MACAddress("02:42:0a:07:00:63"), try MACAddress("02:42:0a:07:00:0b"))
        let peer = VethPeer(name: "eth0", namespace: other, mac: peerMAC, mtu: 1400, alias: "peer")
        try lab.apply(
            [
                .addLink(LinkSpec(name: "br0", kind: .bridge)),
                .addLink(LinkSpec(name: "port0", kind: .veth(peer: peer), mac: mac, mtu: 1450, master: "br0", alias: "port")),
            ], in: place)
        let near = try link("port0")
        #expect((near.kind, near.mac, near.mtu, near.master, near.alias) == (.veth, mac, 1450, "br0", "port"))
        let far = try #require(try kernel.dump(other).links["eth0"])
        #expect((far.kind, far.mac, far.mtu, far.master, far.alias) == (.veth, peerMAC, 1400, nil, "peer"))
        #expect(near.isUp && far.isUp)
        try lab.apply([.deleteLink("eth0")], in: other)
        #expect(try kernel.dump(place).links["port0"] == nil)
    }

    @Test func `devices can be made and left down`() throws {
        let peer = VethPeer(name: "b0", namespace: place, isUp: false)
        try lab.apply(
            [
                .addLink(LinkSpec(name: "a0", kind: .veth(peer: peer), isUp: false)),
                .addLink(LinkSpec(name: "br0", kind: .bridge, isUp: false)),
            ], in: place)
        #expect(try ["a0", "b0", "br0"].map { try link($0).isUp } == [false, false, false])
    }

    // MARK: Refusals

    @Test func `a device that cannot be made as it should leaves nothing behind`() throws {
        let gone = KernelNamespace.named(lab.freeName())
        let specs = [
            LinkSpec(name: "a0", kind: .veth(peer: VethPeer(name: "b0", namespace: gone))),
            LinkSpec(name: "a0", kind: .veth(peer: VethPeer(name: "b0", namespace: place)), master: "absent"),
            LinkSpec(name: "a0", kind: .veth(peer: VethPeer(name: "b0", namespace: place)), alias: String(repeating: "x", count: 3000)),
            LinkSpec(name: "a0", kind: .bridge, mtu: 1_000_000),
            LinkSpec(name: "a0", kind: .veth(peer: VethPeer(name: "lo", namespace: place))),
            LinkSpec(name: "a-name-that-is-too-long", kind: .bridge),
            LinkSpec(name: "", kind: .bridge),
        ]
        let failures = try kernel.apply(specs.map { .addLink($0) }, in: place)
        #expect(failures.map(\.index) == Array(specs.indices))
        #expect(failures[0].error.code == .noSuchNamespace)
        #expect(failures[1].error.code == .errno(ENODEV))
        #expect(failures[4].error.code == .errno(EEXIST))
        #expect(failures[5].error.code == .errno(EINVAL))
        #expect(try kernel.dump(place).links.keys.sorted() == ["lo"])
    }

    @Test func `a device in the way is an error that names it`() throws {
        try lab.apply([.addLink(LinkSpec(name: "br0", kind: .bridge))], in: place)
        let failure = try #require(try kernel.apply([.addLink(LinkSpec(name: "br0", kind: .bridge))], in: place).first)
        #expect(failure.error == KernelError(.errno(EEXIST), "cannot add br0 in \(place.name): file exists"))
    }

    // MARK: Changing and deleting

    @Test func `a device is changed in what is given, and left in the rest`() throws {
        let pair = LinkSpec(name: "a0", kind: .veth(peer: VethPeer(name: "a1", namespace: place)), alias: "first")
        try lab.apply([.addLink(LinkSpec(name: "br0", kind: .bridge)), .addLink(pair)], in: place)
        let before = try link("a0")
        try lab.apply([.updateLink("a0", LinkUpdate(mtu: 1400, master: "br0"))], in: place)
        var after = try link("a0")
        #expect((after.mtu, after.master, after.alias, after.mac) == (1400, "br0", "first", before.mac))
        let mac = try MACAddress("02:42:0a:07:00:63")
        try lab.apply([.updateLink("a0", LinkUpdate(mac: mac, alias: "second", isUp: false))], in: place)
        after = try link("a0")
        #expect((after.mtu, after.master, after.alias, after.mac) == (1400, "br0", "second", mac))
        #expect(!after.isUp)
        #expect(try code(of: .updateLink("absent", LinkUpdate(mtu: 1400))) == .errno(ENODEV))
        #expect(try code(of: .updateLink("a0", LinkUpdate(master: "a1"))) == .errno(EOPNOTSUPP))
    }

    @Test func `deleting what is not there is no error, and the loopback cannot be deleted`() throws {
        try lab.apply([.deleteLink("absent")], in: place)
        #expect(try code(of: .deleteLink("lo")) == .errno(EOPNOTSUPP))
    }

    @Test func `many devices are deleted together, those that are there`() throws {
        let names = (0..<20).map { "v\($0)" }
        let pairs = names.map { KernelChange.addLink(LinkSpec(name: $0, kind: .veth(peer: VethPeer(name: "p" + $0, namespace: place)))) }
        try lab.apply(pairs, in: place)
        let failures = try kernel.apply((names + ["lo", "absent", "pv3"]).map { .deleteLink($0) }, in: place)
        #expect(failures.map(\.index) == [20])
        #expect(try kernel.dump(place).links.keys.sorted() == ["lo"])
    }
}
