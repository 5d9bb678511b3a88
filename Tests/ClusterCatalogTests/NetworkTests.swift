import ClusterStore
import NetworkModel
import TestSupport
import Testing

@testable import ClusterCatalog

@Suite struct NetworkTests {
    let scene = Scene()

    @Test func `a network gets the first default pool, its lowest address as gateway and the lowest VNI`() async throws {
        let first = try await scene.network("multi").record
        let second = try await scene.network("other").record
        #expect(first.subnets.map(\.pool.description) == ["10.0.0.0/24"])
        #expect(first.subnets.first?.gateway?.description == "10.0.0.1")
        #expect(first.vni?.rawValue == 256)
        #expect(first.driver == .overlay)
        #expect(second.subnets.map(\.pool.description) == ["10.0.1.0/24"])
        #expect(second.vni?.rawValue == 257)
        #expect(try await scene.catalog.networks().map(\.record.name).sorted() == ["multi", "other"])
    }

    @Test func `all of a network is written in one transaction`() async throws {
        let store = CountingStore(InMemoryStore())
        let scene = Scene(store)
        let counts = try await store.counting { _ = try await scene.network() }
        #expect(counts.transactions == 1)
        #expect(counts.reads == 1)
    }

    @Test func `a removed network leaves no key`() async throws {
        let network = try await scene.network(subnets: "10.9.0.0/24", "10.9.1.0/24", "fd00:9::/64")
        #expect(try await scene.keys().count == 3 + 2 * 3)
        try await scene.catalog.removeNetwork(network.record.id)
        #expect(try await scene.keys() == [])
        let again = await refusal { try await scene.catalog.removeNetwork(network.record.id) }
        #expect(again?.code == .networkNotFound)
    }

    @Test func `a hundred creates of different names lose no race that a user sees, lesson 11`() async throws {
        try await withThrowingTaskGroup { group in
            for number in 0..<100 { group.addTask { _ = try await scene.network("n\(number)") } }
            try await group.waitForAll()
        }
        let networks = try await scene.catalog.networks().map(\.record)
        #expect(Set(networks.flatMap(\.subnets).map(\.pool)).count == 100)
        #expect(Set(networks.compactMap(\.vni)).count == 100)
    }

    @Test func `pools of one space never overlap, in Docker's words`() async throws {
        _ = try await scene.network("a", subnets: "10.50.0.0/16")
        let error = await refusal { _ = try await scene.network("b", subnets: "10.50.3.0/24") }
        #expect(error?.message == "invalid pool request: Pool overlaps with other one on this address space")
        #expect(error?.kind == .forbidden)
        #expect(try await scene.catalog.networks().count == 1)
    }

    @Test func `a pool keeps clear of the routes of every node, lesson 26`() async throws {
        var node = try scene.nodeRecord("web-1")
        node.hostRoutes = [try Subnet("10.0.0.0/20"), try Subnet("10.77.0.0/16")]
        _ = try await scene.catalog.join(node, holding: try await scene.store.grantLease(lasting: .seconds(600)))
        #expect(try await scene.network("auto").record.subnets.first?.pool.description == "10.0.16.0/24")
        let error = await refusal { _ = try await scene.network("chosen", subnets: "10.77.1.0/24") }
        #expect(error?.message.contains("the route 10.77.0.0/16 of host web-1") == true)
    }

    @Test func `a local catalog gives out Docker's local pools and no VNI`() async throws {
        let scene = Scene(scope: .local)
        let network = try await scene.network("frontend").record
        #expect(network.driver == .bridge)
        #expect(network.vni == nil)
        #expect(network.subnets.map(\.pool.description) == ["172.17.0.0/16"])
        var host = try scene.nodeRecord("me")
        host.hostRoutes = [try Subnet("172.18.0.0/15")]
        let next = try await scene.catalog.createNetwork(NetworkRequest(name: "backend"), avoidingRoutesOf: [host])
        #expect(next.record.subnets.map(\.pool.description) == ["172.20.0.0/16"])
    }

    @Test func `IPv6 without a subnet gets a unique local one`() async throws {
        let network = try await scene.network(ipv6: true).record
        #expect(network.subnets.map(\.pool.family) == [.v4, .v6])
        #expect(network.subnets.last?.pool.prefixLength == 64)
        #expect(network.gateways(.v6).count == 1)
    }

    @Test func `the null address management has no subnets`() async throws {
        let network = try await scene.catalog.createNetwork(NetworkRequest(name: "flat", ipamDriver: "null")).record
        #expect(network.subnets.isEmpty)
        #expect(network.ipamDriver == "null")
        let endpoint = try await scene.attach(
            "web", to: try await scene.catalog.network(matching: "flat"), as: try await scene.join())
        #expect(endpoint.record.addresses.isEmpty)
        #expect(!endpoint.record.mac.isMulticast)
    }

    @Test func `two auxiliary names for one address are one claim`() async throws {
        let address = try IPAddress("10.9.0.7")
        let subnet = SubnetRecord(pool: try Subnet("10.9.0.0/24"), auxiliary: ["a": address, "b": address], isUserDefined: true)
        let network = try await scene.catalog.createNetwork(NetworkRequest(name: "aux", subnets: [subnet])).record
        let owner: CatalogEntry<AddressRecord>? = try await scene.catalog.entry(CatalogKeys.address(address, of: network.id))
        #expect(owner?.record == .auxiliary("a"))
    }

    @Test(arguments: [(98, true), (99, false)])
    func `as many claims as one transaction can make are made, and more are refused`(auxiliary: Int, isMade: Bool) async throws {
        let addresses = (0..<auxiliary).map { ("a\($0)", IPAddress(10, 9, 0, UInt8($0 + 2))) }
        let subnet = SubnetRecord(
            pool: try Subnet("10.9.0.0/24"), auxiliary: Dictionary(uniqueKeysWithValues: addresses), isUserDefined: true)
        let error = await refusal { _ = try await scene.catalog.createNetwork(NetworkRequest(name: "aux", subnets: [subnet])) }
        #expect(error?.code == (isMade ? nil : .invalid), "\(error?.message ?? "")")
        #expect(try await scene.keys().isEmpty != isMade)
    }

    @Test func `a chosen VNI is given once`() async throws {
        let options = [NetworkOption.vxlanIDList: "5000"]
        let network = try await scene.catalog.createNetwork(NetworkRequest(name: "a", options: options)).record
        #expect(network.vni?.rawValue == 5000)
        let error = await refusal { _ = try await scene.catalog.createNetwork(NetworkRequest(name: "b", options: options)) }
        #expect(error?.code == .vniTaken)
    }

    @Test func `a used network is not removed and stays usable`() async throws {
        let claim = try await scene.join()
        let network = try await scene.network("dn")
        let endpoint = try await scene.attach("c1", to: network, as: claim)
        let error = await refusal { try await scene.catalog.removeNetwork(network.record.id) }
        #expect(
            error?.message
                == "error while removing network: network dn has active endpoints (name:\"c1\" id:\"\(endpoint.record.id.short)\")")
        #expect(error?.kind == .forbidden)
        _ = try await scene.attach("c2", to: network, as: claim)
    }

    @Test func `what a network may be called and made of`() async throws {
        func code(_ request: NetworkRequest) async -> CatalogError.Code? {
            await refusal { _ = try await scene.catalog.createNetwork(request) }?.code
        }
        #expect(await code(NetworkRequest(name: "")) == .invalid)
        #expect(await code(NetworkRequest(name: "host")) == .predefinedNetwork)
        #expect(await code(NetworkRequest(name: "n", driver: "macvlan")) == .noDriver)
        #expect(await code(NetworkRequest(name: "n", driver: "bridge")) == .invalid)
        #expect(await code(NetworkRequest(name: "n", ipamDriver: "weave")) == .noDriver)
        #expect(await code(NetworkRequest(name: "n", ipamOptions: ["a": "b"])) == .unsupported)
        #expect(await code(NetworkRequest(name: "n", options: ["encrypted": ""])) == .unsupported)
        #expect(await code(NetworkRequest(name: "n", options: [NetworkOption.mtu: "12"])) == .invalid)
        #expect(await code(NetworkRequest(name: "n", options: [NetworkOption.flood: "maybe"])) == .invalid)
        #expect(await code(NetworkRequest(name: "n", options: [NetworkOption.vxlanIDList: "0"])) == .invalid)
        #expect(try await scene.keys() == [])
        #expect(await code(NetworkRequest(name: "a b/ü %2F", options: [NetworkOption.mtu: "9000"])) == nil)
        #expect(try await scene.catalog.network(matching: "a b/ü %2F").record.name == "a b/ü %2F")
    }
}
