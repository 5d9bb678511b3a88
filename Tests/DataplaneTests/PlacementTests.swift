import Dataplane
import FakeKernel
import KernelNetwork
import NetworkModel
import Testing

@Suite struct `What a network and a sandbox have` {
    private let network = KernelNamespace.named("skein-111111111111")
    private let sandbox = KernelNamespace.named("sk-box1")

    private func space(_ place: KernelNamespace) async throws -> FakeNamespace {
        let scene = Scene()
        _ = try await scene.settled(try Fixture.garden())
        return try #require(scene.kernel.namespace(place))
    }

    @Test func `a network has a bridge with the gateways, the name service and one MAC on every host`() async throws {
        let space = try await space(network)
        let bridge = try #require(space.links["br0"])
        #expect(bridge.mac == (try MACAddress("02:42:0a:00:01:01")))
        #expect(bridge.mtu == 1450)
        #expect(bridge.alias == String(repeating: "1", count: 64))
        #expect(
            space.addresses.filter { $0.link == "br0" }.map(\.address.description).sorted() == [
                "10.0.1.1/24", "169.254.53.53/32", "fd00:1::1/64",
            ])
    }

    @Test func `a VXLAN device learns and floods nothing`() async throws {
        let vxlan = try #require(try await space(network).links["vxlan0"])
        #expect(vxlan.kind == .vxlan(try VNI(256), port: 4789, local: IPAddress(10, 97, 0, 1)))
        #expect(vxlan.port == BridgePortFlags(learning: false, flooding: false, neighbourSuppression: true))
        #expect(vxlan.master == "br0")
    }

    @Test func `a network that floods has an entry for each participant`() async throws {
        let space = try await space(.named("skein-222222222222"))
        #expect(space.flooding["vxlan0"] == [IPAddress(10, 97, 0, 2)])
        #expect(space.links["vxlan0"]?.port?.flooding == true)
    }

    @Test func `every endpoint is a neighbour, and the remote ones are behind their VTEPs`() async throws {
        let space = try await space(network)
        #expect(space.neighbours["br0"]?.count == 8)
        #expect(
            space.forwarding["vxlan0"] == [
                try MACAddress("02:42:0a:00:01:04"): IPAddress(10, 97, 0, 2), try MACAddress("02:42:0a:00:01:05"): IPAddress(10, 97, 0, 3),
            ])
    }

    @Test func `a sandbox has a device a network, and its way out by the first that is not internal`() async throws {
        let space = try await space(sandbox)
        #expect(space.links.keys.sorted() == ["eth0", "eth1", "eth2", "lo"])
        #expect(space.links["eth0"]?.mac == (try MACAddress("02:42:0a:00:01:02")))
        let defaults = space.routes.filter { $0.destination.prefixLength == 0 }
        #expect(defaults.compactMap(\.gateway).map(\.description).sorted() == ["10.0.1.1", "fd00:1::1"])
        #expect(defaults.allSatisfy { $0.link == "eth0" })
    }

    @Test func `an internal network has no uplink, and one with a way out has one a family`() async throws {
        #expect(try await space(.named("skein-222222222222")).links["uplink0"] == nil)
        let open = try await space(network)
        #expect(open.rules == PacketRules(masqueradeOut: ["uplink0"]))
        #expect(open.addresses.filter { $0.link == "uplink0" }.map(\.address.prefixLength).sorted() == [31, 127])
        #expect(open.routes.filter { $0.destination.prefixLength == 0 }.allSatisfy { $0.link == "uplink0" })
        #expect(open.systemControls["net/ipv4/ip_forward"] == "1")
        #expect(open.systemControls["net/ipv6/conf/all/forwarding"] == "1")
    }

    @Test func `the host has the other ends, and no route to a network`() async throws {
        let host = try await space(.host)
        #expect(host.links.keys.sorted() == ["eth0", "lo", "sk111111111111", "sk333333333333"])
        #expect(host.rules == PacketRules(acceptForwarding: ["sk*"], isolate: ["sk*"], masqueradeFrom: ["sk*"], translateInto: ["sk*"]))
        #expect(!host.routes.contains { $0.destination == (try? Subnet("10.0.1.0/24")) })
    }

    @Test func `a local network has no VXLAN device and the whole MTU`() async throws {
        let space = try await space(.named("skein-333333333333"))
        #expect(space.links["vxlan0"] == nil)
        #expect(space.links["br0"]?.mtu == 1500)
    }

    @Test func `a network without an endpoint here is not here`() async throws {
        let scene = Scene()
        _ = try await scene.settled(try Fixture.garden())
        #expect(scene.kernel.namespace(.named("skein-444444444444")) == nil)
    }

    @Test func `a sandbox resolves at the gateways of its networks`() async throws {
        let scene = Scene()
        _ = try await scene.settled(try Fixture.garden())
        let resolver = try #require(scene.files.folders["sk-box1"]?["resolv.conf"])
        #expect(
            resolver.split(separator: "\n").dropFirst() == [
                "nameserver 10.0.1.1", "nameserver fd00:1::1", "nameserver 10.0.2.1", "options ndots:0",
            ])
    }

    @Test func `nothing is left when the last sandbox is gone`() async throws {
        let scene = Scene()
        let before = try scene.snapshot()
        let plane = try await scene.settled(try Fixture.garden())
        await plane.update(try Fixture.gone())
        try await scene.settle(plane)
        #expect(try scene.snapshot() == before)
        #expect(scene.files.folders.isEmpty)
        #expect(scene.sites.ready.isEmpty)
    }

    @Test func `sites are told of the addresses at which names are asked for`() async throws {
        let scene = Scene()
        _ = try await scene.settled(try Fixture.garden())
        #expect(scene.sites.ready[try Fixture.id("1")]?.map(\.description) == ["10.0.1.1", "fd00:1::1", "169.254.53.53"])
        #expect(scene.sites.ready.count == 3)
    }
}
