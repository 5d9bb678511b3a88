import KernelNetwork
import NetworkModel
import Testing

/// Two hosts: this one by the kernel's port, the other by hand as in ip(8) and bridge(8).
@Suite(Lab.condition, .serialized) struct HostTests {
    @Test(arguments: IPFamily.allCases)
    func `the first packet from host to host is answered, and no question for it crosses the underlay (lesson 20)`(family: IPFamily) throws
    {
        let lab = try Lab()
        let scene = try Scene(lab, over: family)
        defer { scene.leave() }
        try scene.build()
        let ping = try shell("ip netns exec \(scene.sandbox.name) ping -c 1 -W 5 10.7.0.12")
        #expect(ping.status == 0, "\(ping.output)")
        let ping6 = try shell("ip netns exec \(scene.sandbox.name) ping -c 1 -W 5 fd07::12")
        #expect(ping6.status == 0, "\(ping6.output)")
        // Large ones, too.
        let large = try shell("ip netns exec \(scene.sandbox.name) ping -c 1 -W 5 -M do -s \(scene.mtu - 28) 10.7.0.12")
        #expect(large.status == 0, "\(large.output)")
        // On the far side the device has sent what it received, and no more: nothing was flooded.
        let sent = try shell("ip netns exec \(scene.farNetwork) cat /sys/class/net/vxlan0/statistics/rx_packets").output
        #expect(sent.split(separator: "\n").first.flatMap { Int($0) } == 3)
    }
}

/// The layout of `skein run` on two hosts.
private struct Scene {
    let lab: Lab
    let family: IPFamily
    let network: KernelNamespace
    let sandbox: KernelNamespace
    let farHost: String
    let farNetwork: String
    let farSandbox: String
    private let vni: VNI
    private let underlay: String

    init(_ lab: Lab, over family: IPFamily) throws {
        self.lab = lab
        self.family = family
        (network, sandbox) = (try lab.namespace(), try lab.namespace())
        (farHost, farNetwork, farSandbox) = (lab.freeName(), lab.freeName(), lab.freeName())
        vni = try Lab.vni()
        underlay = "und\(Lab.unique())"
    }

    var mtu: Int { 1500 - family.vxlanOverhead }
    private var near: String { family == .v4 ? "10.203.0.1" : "fd97::1" }
    private var far: String { family == .v4 ? "10.203.0.2" : "fd97::2" }

    func leave() {
        _ = try? lab.kernel.apply([.deleteLink(underlay)], in: .host)
    }

    func build() throws {
        try buildFarSide()
        let plan = family == .v4 ? 24 : 64
        try lab.apply(
            [
                .addLink(LinkSpec(name: underlay, kind: .veth(peer: VethPeer(name: "eth0", namespace: .named(farHost))))),
                .replaceAddress(AddressEntry(link: underlay, address: InterfaceAddress(IPAddress(near), prefixLength: plan))),
            ], in: .host)
        try run("ip -n \(farHost) address add \(far)/\(plan) dev eth0 nodad")
        try buildNetwork()
    }

    private func buildNetwork() throws {
        let peer = VethPeer(name: "eth0", namespace: sandbox, mac: try MACAddress("02:42:0a:07:00:0b"), mtu: mtu)
        let farMAC = try MACAddress("02:42:0a:07:00:0c")
        try lab.apply(
            [
                .addLink(LinkSpec(name: "br0", kind: .bridge, mac: try MACAddress("02:42:0a:07:00:01"), mtu: mtu)),
                .replaceAddress(AddressEntry(link: "br0", address: try InterfaceAddress("10.7.0.1/24"))),
                .replaceAddress(AddressEntry(link: "br0", address: try InterfaceAddress("fd07::1/64"))),
                .addLink(LinkSpec(name: "vxlan0", kind: .vxlan(vni, port: 4789, local: try IPAddress(near)), mtu: mtu, master: "br0")),
                .setBridgePort("vxlan0", BridgePortFlags(learning: false, flooding: false, neighbourSuppression: true)),
                .replaceNeighbour(NeighbourEntry(link: "br0", address: IPAddress(10, 7, 0, 12), mac: farMAC)),
                .replaceNeighbour(NeighbourEntry(link: "br0", address: try IPAddress("fd07::12"), mac: farMAC)),
                .replaceForwarding(ForwardingEntry(link: "vxlan0", mac: farMAC, vtep: try IPAddress(far))),
                .addLink(LinkSpec(name: "port0", kind: .veth(peer: peer), mtu: mtu, master: "br0")),
            ], in: network)
        try lab.apply(
            [
                .replaceAddress(AddressEntry(link: "eth0", address: try InterfaceAddress("10.7.0.11/24"))),
                .replaceAddress(AddressEntry(link: "eth0", address: try InterfaceAddress("fd07::11/64"))),
            ], in: sandbox)
    }

    private func buildFarSide() throws {
        for name in [farHost, farNetwork, farSandbox] { try run("ip netns add \(name); ip -n \(name) link set lo up") }
        try run(
            """
            ip -n \(farHost) link add vxlan0 mtu \(mtu) type vxlan id \(vni) dstport 4789 local \(far) nolearning
            ip -n \(farHost) link set vxlan0 netns \(farNetwork)
            ip -n \(farNetwork) link add br0 mtu \(mtu) address 02:42:0a:07:00:01 type bridge
            ip -n \(farNetwork) link set vxlan0 master br0 up; ip -n \(farNetwork) link set br0 up
            ip netns exec \(farNetwork) bridge link set dev vxlan0 neigh_suppress on learning off flood off mcast_flood off bcast_flood off
            ip -n \(farSandbox) link add eth0 mtu \(mtu) address 02:42:0a:07:00:0c type veth peer name s0 netns \(farNetwork)
            ip -n \(farNetwork) link set s0 mtu \(mtu) master br0 up; ip -n \(farSandbox) link set eth0 up
            ip -n \(farSandbox) address add 10.7.0.12/24 dev eth0; ip -n \(farSandbox) address add fd07::12/64 dev eth0 nodad
            ip -n \(farNetwork) address add 10.7.0.1/24 dev br0; ip -n \(farNetwork) address add fd07::1/64 dev br0 nodad
            for a in 10.7.0.11 fd07::11; do ip -n \(farNetwork) neigh replace $a lladdr 02:42:0a:07:00:0b dev br0 nud permanent; done
            ip netns exec \(farNetwork) bridge fdb replace 02:42:0a:07:00:0b dev vxlan0 dst \(near) self master static
            """)
    }

    private func run(_ script: String) throws {
        let answer = try shell("set -e\n" + script)
        try #require(answer.status == 0, "\(answer.output)")
    }
}
