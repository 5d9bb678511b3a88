import FakeKernel
import KernelNetwork
import NetworkModel
import Testing

@testable import Dataplane

@Suite struct `What was tampered with` {
    static let network = KernelNamespace.named("skein-111111111111")
    static let flooding = KernelNamespace.named("skein-222222222222")
    static let sandbox = KernelNamespace.named("sk-box1")

    static let tampering: [(what: String, place: KernelNamespace, body: @Sendable (inout FakeNamespace) -> Void)] = [
        ("a neighbour with another MAC", network, { $0.neighbours["br0"]?[IPAddress(10, 0, 1, 4)] = MACAddress(bits: 1) }),
        ("a neighbour that is gone", network, { $0.neighbours["br0"]?[IPAddress(10, 0, 1, 4)] = nil }),
        ("a neighbour too many", network, { $0.neighbours["br0"]?[IPAddress(10, 0, 1, 99)] = MACAddress(bits: 9) }),
        ("an entry to another VTEP", network, { $0.forwarding["vxlan0"]?[MACAddress(bits: 0x0242_0a00_0104)] = IPAddress(1, 2, 3, 4) }),
        ("an entry that is gone", network, { $0.forwarding["vxlan0"]?[MACAddress(bits: 0x0242_0a00_0104)] = nil }),
        ("an entry without its bridge half", network, { $0.bridgeHalves["vxlan0"]?.remove(MACAddress(bits: 0x0242_0a00_0104)) }),
        (
            "an entry too many", network,
            { space in
                space.forwarding["vxlan0"]?[MACAddress(bits: 5)] = IPAddress(1, 2, 3, 4)
                space.bridgeHalves["vxlan0"]?.insert(MACAddress(bits: 5))
            }
        ),
        ("half an entry too many", network, { $0.forwarding["vxlan0"]?[MACAddress(bits: 5)] = IPAddress(1, 2, 3, 4) }),
        ("a flooding entry too many", flooding, { $0.flooding["vxlan0"]?.insert(IPAddress(1, 2, 3, 4)) }),
        ("a flooding entry that is gone", flooding, { $0.flooding["vxlan0"] = [] }),
        ("a gateway that is gone", network, { space in space.addresses = space.addresses.filter { $0.link != "br0" } }),
        (
            "a bridge that is down", network,
            { space in
                space.links["br0"]?.isUp = false
                space.routes = space.routes.filter { $0.link != "br0" }
                space.neighbours["br0"] = nil
            }
        ),
        ("a bridge with another MAC", network, { $0.links["br0"]?.mac = MACAddress(bits: 2) }),
        ("a bridge without its alias", network, { $0.links["br0"]?.alias = nil }),
        ("an MTU", network, { $0.links["vxlan0"]?.mtu = 9000 }),
        (
            "port flags", network,
            { $0.links["vxlan0"]?.port = BridgePortFlags(learning: true, flooding: true, neighbourSuppression: false) }
        ),
        (
            "a port that left the bridge", network,
            { space in
                space.links["v101010101010"]?.master = nil
                space.links["v101010101010"]?.port = nil
            }
        ),
        (
            "a VXLAN device of another VNI", network,
            { space in
                guard let vni = try? VNI(999) else { return }
                space.links["vxlan0"]?.kind = .vxlan(vni, port: 4789, local: IPAddress(10, 97, 0, 1))
            }
        ),
        ("rules that were flushed", network, { $0.rules = nil }),
        ("the host's rules that were flushed", .host, { $0.rules = nil }),
        ("the host's forwarding", .host, { $0.systemControls["net/ipv4/ip_forward"] = "0" }),
        (
            "the host's end of an uplink that is down", .host,
            { space in
                space.links["sk111111111111"]?.isUp = false
                space.routes = space.routes.filter { $0.link != "sk111111111111" }
            }
        ),
        ("a way out that is gone", network, { space in space.routes = space.routes.filter { $0.destination.prefixLength != 0 } }),
        (
            "an address too many in a sandbox", sandbox,
            { space in
                let subnet = Subnet(containing: IPAddress(10, 0, 1, 0), prefixLength: 24)
                space.addresses.insert(AddressEntry(link: "eth0", address: InterfaceAddress(IPAddress(10, 0, 1, 88), in: subnet)))
            }
        ),
        (
            "a default route by another way", sandbox,
            { space in
                space.routes = space.routes.filter { $0.destination.prefixLength != 0 }
                let all = Subnet(containing: IPAddress(0, 0, 0, 0), prefixLength: 0)
                space.routes.insert(RouteEntry(destination: all, gateway: IPAddress(10, 0, 2, 1), link: "eth1"))
            }
        ),
        ("the MAC of a sandbox", sandbox, { $0.links["eth0"]?.mac = MACAddress(bits: 0x0200_0000_0042) }),
        ("a sandbox without its owner", sandbox, { $0.links["lo"]?.alias = nil }),
    ]

    @Test(arguments: tampering.indices) func `is repaired (lesson 6)`(number: Int) async throws {
        let (what, place, body) = Self.tampering[number]
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        let before = try scene.snapshot()
        let settings = scene.kernel.namespace(place)?.systemControls
        try scene.kernel.tamper(in: place, body)
        await plane.look()
        try await scene.settle(plane)
        #expect(try scene.snapshot().difference(from: before) == [], "\(what)")
        #expect(scene.kernel.namespace(place)?.systemControls == settings)
    }

    @Test(arguments: [network, sandbox, .host, flooding])
    func `devices that were deleted are made again`(place: KernelNamespace) async throws {
        let whole = Scene()
        _ = try await whole.settled(try Fixture.garden())
        let kept: Set<String> = place == .host ? ["lo", "eth0"] : ["lo"]
        let names = try #require(whole.kernel.namespace(place)).links.keys.filter { !kept.contains($0) }
        #expect(!names.isEmpty)
        for name in names {
            let scene = Scene()
            let plane = try await scene.settled(try Fixture.garden())
            let before = try scene.snapshot()
            #expect(try scene.kernel.apply([.deleteLink(name)], in: place) == [])
            await plane.look()
            try await scene.settle(plane)
            #expect(try scene.snapshot().difference(from: before) == [], "\(name) of \(place)")
        }
    }

    @Test(arguments: ["skein-111111111111", "sk-box1", "skein-333333333333"])
    func `a namespace that was deleted is made again`(name: String) async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        let before = try scene.snapshot()
        try scene.kernel.deleteNamespace(name)
        await plane.look()
        try await scene.settle(plane)
        #expect(try scene.snapshot().difference(from: before) == [])
        #expect(scene.sites.ready.count == 3)
    }

    @Test func `a pair that was never finished is removed`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        let before = try scene.snapshot()
        let peer = VethPeer(name: "eth3", namespace: Self.sandbox)
        let pair = LinkSpec(name: "v0123456789ab", kind: .veth(peer: peer), master: "br0")
        #expect(try scene.kernel.apply([.addLink(pair)], in: Self.network) == [])
        await plane.look()
        try await scene.settle(plane)
        #expect(try scene.snapshot().difference(from: before) == [])
    }

    @Test func `files of a sandbox are written again`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        let before = scene.files.folders
        scene.files.put(["resolv.conf": "nameserver 9.9.9.9\n"], in: "sk-box1")
        await plane.look()
        try await scene.settle(plane)
        #expect(scene.files.folders == before)
    }

    @Test func `addresses that a user brings to a network without subnets stay`() async throws {
        let scene = Scene()
        let bare = [try Fixture.network("5", subnets: []), try Fixture.endpoint("50", on: "5", at: [], sandbox: "2", interface: "eth1")]
        let plane = try await scene.settled(try Fixture.garden() + bare)
        try scene.kernel.tamper(in: .named("sk-box2")) { space in
            let subnet = Subnet(containing: IPAddress(10, 1, 1, 0), prefixLength: 24)
            space.addresses.insert(AddressEntry(link: "eth1", address: InterfaceAddress(IPAddress(10, 1, 1, 1), in: subnet)))
            let all = Subnet(containing: IPAddress(0, 0, 0, 0), prefixLength: 0)
            space.routes.insert(RouteEntry(destination: all, gateway: IPAddress(10, 1, 1, 254), link: "eth1"))
        }
        let before = try scene.snapshot()
        await plane.look()
        try await scene.settle(plane)
        #expect(try scene.snapshot().difference(from: before) == [])
    }

    @Test func `what others put beside ours stays`() async throws {
        let scene = Scene()
        let plane = try await scene.settled(try Fixture.garden())
        let dummy = LinkState(name: "dummy0", index: 900, kind: .other("dummy"), mtu: 1500, isUp: true)
        let address = InterfaceAddress(IPAddress(192, 0, 2, 1), in: Subnet(containing: IPAddress(192, 0, 2, 0), prefixLength: 24))
        for place in [Self.network, Self.sandbox, .host] {
            try scene.kernel.tamper(in: place) { space in
                space.links["dummy0"] = dummy
                space.addresses.insert(AddressEntry(link: "dummy0", address: address))
            }
        }
        let before = try scene.snapshot()
        await plane.look()
        try await scene.settle(plane)
        #expect(try scene.snapshot() == before)
    }
}
