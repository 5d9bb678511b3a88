import ClusterStore
import NetworkModel
import TestSupport
import Testing

@testable import ClusterCatalog

@Suite struct AttachTests {
    let scene = Scene()

    private func addresses(_ endpoints: [CatalogEntry<EndpointRecord>]) -> [String] {
        endpoints.flatMap(\.record.addresses).map(\.description)
    }

    @Test func `addresses ascend across hosts, and a freed one is the next`() async throws {
        let network = try await scene.network()
        var endpoints: [CatalogEntry<EndpointRecord>] = []
        let first = try await scene.join("a")
        for claim in [first, try await scene.join("b"), try await scene.join("c")] {
            endpoints.append(try await scene.attach("c\(endpoints.count)", to: network, as: claim))
        }
        #expect(addresses(endpoints) == ["10.0.0.2", "10.0.0.3", "10.0.0.4"])
        #expect(endpoints[0].record.mac.description == "02:42:0a:00:00:02")
        try await scene.catalog.detach(endpoints[0], as: first)
        #expect(addresses([try await scene.attach("again", to: network, as: first)]) == ["10.0.0.2"])
    }

    @Test func `an endpoint's keys come together and go together`() async throws {
        let claim = try await scene.join()
        let network = try await scene.network(ipv6: true)
        let before = try await scene.keys()
        let endpoint = try await scene.attach("Web", to: network, as: claim)
        #expect(endpoint.record.addresses.map(\.family) == [.v4, .v6])
        #expect(Set(try await scene.keys()).subtracting(before) == Set(endpoint.record.keys.map(\.path)))
        #expect(try await scene.catalog.endpoints(on: claim.node) == [endpoint])
        let revision = try #require(try await scene.catalog.detach(endpoint, as: claim))
        #expect(revision > endpoint.revision)
        #expect(try await scene.catalog.detach(endpoint, as: claim) == nil)
        #expect(try await scene.keys() == before)
    }

    @Test func `Web and web are one name, lesson 29`() async throws {
        let network = try await scene.network("lx")
        let claim = try await scene.join("web-1")
        let holder = try await scene.attach("Web", to: network, as: claim)
        let other = try await scene.join("web-2")
        let error = await refusal { _ = try await scene.attach("web", to: network, as: other) }
        #expect(error?.kind == .forbidden)
        #expect(error?.message.hasPrefix("endpoint with name Web already exists in network lx") == true)
        #expect(error?.message.contains("sandbox \(holder.record.sandbox.short) holds it on host web-1") == true)
    }

    @Test func `a full pool is reported and the last address is given out`() async throws {
        let network = try await scene.network("st", subnets: "10.9.0.0/29")
        let claim = try await scene.join()
        for number in 0..<5 { _ = try await scene.attach("c\(number)", to: network, as: claim, knowing: []) }
        let error = await refusal { _ = try await scene.attach("more", to: network, as: claim, knowing: []) }
        #expect(
            error?.message
                == "no available IPv4 addresses on this network's address pools: st (\(network.record.id))")
        #expect(error?.kind == .exhausted)
    }

    @Test func `a full subnet is followed by the next`() async throws {
        let network = try await scene.network(subnets: "10.9.0.0/30", "10.9.1.0/24")
        let claim = try await scene.join()
        let endpoints = [
            try await scene.attach("a", to: network, as: claim), try await scene.attach("b", to: network, as: claim),
        ]
        #expect(addresses(endpoints) == ["10.9.0.2", "10.9.1.2"])
    }

    @Test func `a mirror that thinks all is taken is not believed`() async throws {
        let network = try await scene.network()
        let endpoint = try await scene.attach("web", to: network, as: try await scene.join(), knowing: scene.everyAddress(of: network))
        #expect(addresses([endpoint]) == ["10.0.0.2"])
    }

    @Test func `a chosen address must be the network's and free, in Docker's words`() async throws {
        let automatic = try await scene.network("auto")
        let network = try await scene.network("chosen", subnets: "10.99.0.0/24")
        let claim = try await scene.join()
        func message(_ address: String, on network: CatalogEntry<NetworkRecord>) async throws -> String? {
            let request = try scene.request("web", addresses: address)
            return await refusal { _ = try await scene.catalog.attach(request, to: network, as: claim) }?.message
        }
        let unsupported = "user specified IP address is supported only when connecting to networks with user configured subnets"
        #expect(try await message("10.0.0.9", on: automatic) == unsupported)
        #expect(try await message("fd00::9", on: network) == unsupported)
        #expect(try await message("10.98.9.9", on: network) == "no configured subnet or ip-range contain the IP address 10.98.9.9")
        for reserved in ["10.99.0.0", "10.99.0.1", "10.99.0.255"] {
            #expect(try await message(reserved, on: network) == "Address already in use: \(reserved)")
        }
        let holder = try await scene.catalog.attach(try scene.request("db", addresses: "10.99.0.77"), to: network, as: claim)
        #expect(addresses([holder]) == ["10.99.0.77"])
        #expect(try await message("10.99.0.77", on: network) == "Address already in use: 10.99.0.77")
    }

    @Test func `a chosen address may lie outside the range that the others are taken from, as in Docker`() async throws {
        let subnet = SubnetRecord(pool: try Subnet("10.99.0.0/24"), subPool: try Subnet("10.99.0.128/25"), isUserDefined: true)
        let network = try await scene.catalog.createNetwork(NetworkRequest(name: "ranged", subnets: [subnet]))
        let claim = try await scene.join()
        let chosen = try await scene.catalog.attach(try scene.request("db", addresses: "10.99.0.7"), to: network, as: claim)
        #expect(addresses([chosen]) == ["10.99.0.7"])
        #expect(addresses([try await scene.attach("web", to: network, as: claim)]) == ["10.99.0.129"])
    }

    @Test func `repeating an attach returns what the first did, lesson 8`() async throws {
        let network = try await scene.network()
        let claim = try await scene.join()
        let request = try scene.request("web")
        let first = try await scene.catalog.attach(request, to: network, as: claim)
        let second = try await scene.catalog.attach(request, to: network, as: claim)
        #expect(first == second)
        var other = request
        other.sandbox = scene.id()
        let error = await refusal { _ = try await scene.catalog.attach(other, to: network, as: claim) }
        #expect(error?.code == .invalid)
    }

    @Test func `a network that is gone or going is not attached to`() async throws {
        let claim = try await scene.join()
        let network = try await scene.network("going")
        let marked = try #require(try await scene.catalog.setState(.removing, of: network))
        let going = await refusal { _ = try await scene.attach("web", to: network, as: claim) }
        #expect(going?.message == "network going is being removed")
        let undone = try #require(try await scene.catalog.setState(.active, of: marked))
        #expect(try await scene.attach("web", to: marked, as: claim).record.network == undone.record.id)
        let other = try await scene.network("gone")
        try await scene.catalog.removeNetwork(other.record.id)
        let gone = await refusal { _ = try await scene.attach("web", to: other, as: claim) }
        #expect(gone?.message == "network gone not found")
    }

    @Test func `removals and attaches that race leave no endpoint without a network`() async throws {
        let claim = try await scene.join()
        for round in 0..<50 {
            let network = try await scene.network("n")
            await withTaskGroup { group in
                group.addTask { _ = await refusal { try await scene.catalog.removeNetwork(network.record.id) } }
                group.addTask { _ = await refusal { _ = try await scene.attach("c\(round)", to: network, as: claim) } }
            }
            let left = try await scene.catalog.networks()
            let endpoints = try await scene.catalog.endpoints()
            #expect(left.isEmpty == endpoints.isEmpty)
            #expect(left.allSatisfy { $0.record.state == .active })
            for endpoint in endpoints { try await scene.catalog.detach(endpoint, as: claim) }
            for network in left { try await scene.catalog.removeNetwork(network.record.id) }
        }
    }

    @Test func `a sandbox goes with all its endpoints in few transactions`() async throws {
        let store = CountingStore(InMemoryStore())
        let scene = Scene(store)
        let claim = try await scene.join()
        let sandbox = SandboxRecord(id: scene.id(), name: try EndpointName("web"), node: claim.node, created: FixedTime().now())
        try await scene.catalog.putSandbox(sandbox, as: claim)
        var endpoints: [CatalogEntry<EndpointRecord>] = []
        for number in 0..<10 {
            let network = try await scene.network("n\(number)", ipv6: true)
            endpoints.append(try await scene.catalog.attach(try scene.request("web", sandbox: sandbox.id), to: network, as: claim))
        }
        let counts = try await store.counting { try await scene.catalog.removeSandbox(sandbox.id, with: endpoints, as: claim) }
        #expect(counts.transactions == 2)
        #expect(counts.largest <= 64)
        #expect(try await scene.catalog.sandboxes().isEmpty)
        #expect(try await scene.catalog.endpoints().isEmpty)
    }
}
