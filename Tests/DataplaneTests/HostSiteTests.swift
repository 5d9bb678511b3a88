import FakeKernel
import KernelNetwork
import NetworkModel
import Testing

@testable import Dataplane

@Suite struct `The name service on the host` {
    private let scene = Scene()
    private static let entry = AddressEntry(
        link: "lo", address: InterfaceAddress(.nameService, in: Subnet(containing: .nameService, prefixLength: 32)))
    private static let options = DataplaneOptions(
        verifyInterval: .seconds(3600), linger: .zero, retryDelay: .zero, servesHost: true)

    private var isThere: Bool { scene.kernel.namespace(.host)?.addresses.contains(Self.entry) == true }

    private func settled(_ view: [ViewChange]) async throws -> Dataplane {
        let plane = try scene.plane(Self.options)
        await plane.start(with: view)
        try await scene.settle(plane)
        return plane
    }

    @Test func `has an address on the loopback and a site, without any network`() async throws {
        _ = try await settled([try Fixture.node("a")])
        #expect(isThere)
        #expect(scene.sites.host == .nameService)
        #expect(scene.kernel.writes == [.change(.replaceAddress(Self.entry), .host)])
    }

    @Test func `is not there unless it is asked for`() async throws {
        _ = try await scene.settled(try Fixture.garden())
        #expect(!isThere)
        #expect(scene.sites.host == nil)
    }

    @Test func `is found by the next life, and left alone (lesson 25)`() async throws {
        _ = try await settled(try Fixture.garden())
        let writes = scene.kernel.writes.count
        scene.kernel.restart()
        _ = try await settled(try Fixture.garden())
        #expect(scene.kernel.writes.count == writes)
    }

    @Test func `gets its address back, and takes no other of the loopback`() async throws {
        let plane = try await settled(try Fixture.garden())
        let other = AddressEntry(link: "lo", address: InterfaceAddress(IPAddress(10, 255, 0, 1), in: Self.entry.address.subnet))
        try scene.kernel.tamper(in: .host) { host in
            host.addresses.remove(Self.entry)
            host.addresses.insert(other)
        }
        await plane.look()
        try await scene.settle(plane)
        #expect(isThere)
        #expect(scene.kernel.namespace(.host)?.addresses.contains(other) == true)
    }

    @Test func `goes with a life that does not serve it`() async throws {
        _ = try await settled(try Fixture.garden())
        scene.kernel.restart()
        _ = try await scene.settled(try Fixture.garden())
        #expect(!isThere)
    }

    @Test func `holds up nothing while somebody else has its port, and is told of`() async throws {
        scene.sites.failHost(3)
        let plane = try scene.plane(Self.options)
        await plane.start(with: try Fixture.garden() + [try Fixture.engineEndpoint("1f", on: "1", at: ["10.0.1.7"])])
        await plane.pass()
        #expect(await plane.fault == "port 53 is taken")
        #expect(await Set(plane.troubles.keys) == [.hostSite])
        #expect(scene.kernel.namespace(.host)?.links["ve1f1f1f1f1f1f"] != nil)
        #expect(isThere)
        let dumps = scene.kernel.calls(.dump)
        try await scene.settle(plane)
        #expect(scene.sites.host == .nameService)
        #expect(scene.kernel.calls(.dump) == dumps)
    }
}
