import ClusterStore
import NetworkModel
import TestSupport
import Testing

@testable import ClusterCatalog

@Suite struct ReservationTests {
    let scene = Scene()

    @Test func `addresses are reserved in ascending order, and nobody else gets them`() async throws {
        let network = try await scene.network()
        let (a, b) = (try await scene.join("a"), try await scene.join("b"))
        let reserved = [try await scene.reserve(of: network, as: a), try await scene.reserve(of: network, as: b)]
        #expect(reserved.map(\.address.description) == ["10.0.0.2", "10.0.0.3"])
        let other = try await scene.attach("web", to: network, as: b)
        #expect(other.record.addresses.map(\.description) == ["10.0.0.4"])
        let endpoint = try await scene.catalog.attach(try scene.engineRequest(reserved[0]), to: network, as: a)
        #expect(endpoint.record.addresses == [reserved[0].address])
        #expect(endpoint.record.kind == .engine)
        #expect(try await scene.owner(of: reserved[0].address, in: network) == .endpoint(endpoint.record.id))
    }

    @Test func `an attach finds a reservation of its own node without being told of it`() async throws {
        let network = try await scene.network()
        let claim = try await scene.join()
        var request = try scene.engineRequest(try await scene.reserve(of: network, as: claim))
        request.reservations = [:]
        let endpoint = try await scene.catalog.attach(request, to: network, as: claim)
        #expect(endpoint.record.addresses.map(\.description) == ["10.0.0.2"])
        // What it was told is old: the worker freed the reservation meanwhile.
        let late = try await scene.reserve(of: network, as: claim)
        try await scene.catalog.releaseReservation(late.address, of: network.record.id, as: claim)
        #expect(try await scene.catalog.attach(try scene.engineRequest(late), to: network, as: claim).record.addresses == [late.address])
    }

    @Test func `another's reservation, and one for a container that is about to come, are not taken`() async throws {
        let network = try await scene.network(subnets: "10.9.0.0/24")
        let (a, b) = (try await scene.join("a"), try await scene.join("b"))
        let reserved = try await scene.reserve("10.9.0.9", of: network, as: a)
        var foreign = try scene.engineRequest(reserved)
        foreign.reservations = [:]
        for (request, claim) in [(foreign, b), (try scene.request("web", addresses: "10.9.0.9"), a)] {
            let error = await refusal { _ = try await scene.catalog.attach(request, to: network, as: claim) }
            #expect(error?.code == .addressTaken)
            #expect(error?.message == "Address already in use: 10.9.0.9")
        }
        #expect(await refusal { _ = try await scene.reserve("10.9.0.9", of: network, as: b) }?.code == .addressTaken)
        // An earlier life's is nobody's any more.
        let after = try await scene.join(id: a.node, epoch: 2)
        _ = try await scene.catalog.attach(try scene.request("web", addresses: "10.9.0.9"), to: network, as: after)
        #expect(try await scene.catalog.audit().isEmpty)
    }

    @Test func `a repeated call for a chosen address is granted, and the earlier one's release frees nothing`() async throws {
        let network = try await scene.network(subnets: "10.9.0.0/24")
        let claim = try await scene.join()
        let first = try await scene.reserve("10.9.0.9", of: network, as: claim)
        let second = try await scene.reserve("10.9.0.9", of: network, as: claim)
        #expect(second.revision > first.revision)
        try await scene.catalog.releaseReservation(first.address, of: network.record.id, as: claim, madeAt: first.revision)
        #expect(try await scene.owner(of: first.address, in: network) != nil)
        // Whoever attaches first has it, and the other is told.
        _ = try await scene.catalog.attach(try scene.engineRequest(first), to: network, as: claim)
        let error = await refusal { _ = try await scene.catalog.attach(try scene.engineRequest(second), to: network, as: claim) }
        #expect(error?.code == .addressTaken)
    }

    @Test func `a chosen address must be the subnet's and free, in Docker's words`() async throws {
        let automatic = try await scene.network("auto")
        let network = try await scene.network("chosen", subnets: "10.99.0.0/24")
        let claim = try await scene.join()
        func message(_ address: String, of network: CatalogEntry<NetworkRecord>) async -> String? {
            await refusal { _ = try await scene.reserve(address, of: network, as: claim) }?.message
        }
        #expect(
            await message("10.0.0.9", of: automatic)
                == "user specified IP address is supported only when connecting to networks with user configured subnets")
        #expect(await message("10.98.0.9", of: network) == "no configured subnet or ip-range contain the IP address 10.98.0.9")
        #expect(await message("10.99.0.1", of: network) == "Address already in use: 10.99.0.1")
        let foreign = await refusal {
            _ = try await scene.catalog.reserveAddress(in: automatic.record.subnets[0], of: network, as: claim)
        }
        #expect(foreign?.message == "network chosen has no subnet 10.0.0.0/24")
    }

    @Test func `preferred addresses come first as far as they are free and the subnet's`() async throws {
        let network = try await scene.network()
        let claim = try await scene.join()
        _ = try await scene.reserve(of: network, as: claim, preferring: ["10.0.0.40"])
        let preferred = ["192.0.2.1", "fd00::1", "10.0.0.1", "10.0.0.40", "10.0.0.41"]
        let next = try await scene.reserve(of: network, as: claim, knowing: [], preferring: preferred)
        #expect(next.address.description == "10.0.0.41")
        let lowest = try await scene.reserve(of: network, as: claim, knowing: [try IPAddress("10.0.0.2")])
        #expect(lowest.address.description == "10.0.0.3")
    }

    @Test func `a full subnet is told, and the mirror is not believed in that`() async throws {
        let network = try await scene.network("st", subnets: "10.9.0.0/29")
        let claim = try await scene.join()
        for _ in 0..<5 { _ = try await scene.reserve(of: network, as: claim, knowing: scene.everyAddress(of: network)) }
        let error = await refusal { _ = try await scene.reserve(of: network, as: claim, knowing: []) }
        #expect(error?.message == "no available IPv4 addresses on this network's address pools: st (\(network.record.id))")
    }

    @Test func `each family has its own, and they are taken over together`() async throws {
        let network = try await scene.network(ipv6: true)
        let claim = try await scene.join()
        var reserved: [ReservedAddress] = []
        for subnet in network.record.subnets {
            reserved.append(try await scene.catalog.reserveAddress(in: subnet, of: network, as: claim))
        }
        #expect(reserved.map(\.address.family) == [.v4, .v6])
        let endpoint = try await scene.catalog.attach(try scene.engineRequest(reserved[0], reserved[1]), to: network, as: claim)
        #expect(endpoint.record.addresses == reserved.map(\.address))
    }

    @Test func `a dead endpoint gives way with all that it holds, in the same transaction`() async throws {
        let store = CountingStore(InMemoryStore())
        let scene = Scene(store)
        let network = try await scene.network()
        let claim = try await scene.join()
        _ = try await scene.attach("other", to: network, as: claim)
        let dead = try await scene.catalog.attach(
            try scene.engineRequest(try await scene.reserve(of: network, as: claim)), to: network, as: claim)
        var reserved: ReservedAddress?
        let counts = try await store.counting {
            reserved = try await scene.reserve(of: network, as: claim, knowing: scene.everyAddress(of: network), succeeding: [dead])
        }
        #expect(counts.transactions == 1)
        #expect(reserved?.address == dead.record.addresses.first)
        #expect(try await scene.catalog.endpoints().map(\.record.name.rawValue) == ["other"])
        #expect(try await scene.catalog.audit().isEmpty)
        // Somebody was faster: the address is free then.
        let again = try await scene.reserve(of: network, as: claim, knowing: [], succeeding: [dead])
        #expect(again.address.description == "10.0.0.4")
    }

    @Test func `repeating the attach of a container that has been identified returns it, lesson 8`() async throws {
        let network = try await scene.network()
        let claim = try await scene.join()
        let request = try scene.engineRequest(try await scene.reserve(of: network, as: claim))
        let first = try await scene.catalog.attach(request, to: network, as: claim)
        let identified = try await scene.catalog.identify(first, as: try scene.identity("web", on: claim.node), by: claim)
        #expect(try await scene.catalog.attach(request, to: network, as: claim) == identified)
    }

    @Test func `a release frees only what is reserved, and by this node`() async throws {
        let network = try await scene.network()
        let (a, b) = (try await scene.join("a"), try await scene.join("b"))
        let reserved = try await scene.reserve(of: network, as: a)
        try await scene.catalog.releaseReservation(reserved.address, of: network.record.id, as: b)
        let endpoint = try await scene.catalog.attach(try scene.engineRequest(reserved), to: network, as: a)
        for revision in [nil, reserved.revision] {
            try await scene.catalog.releaseReservation(reserved.address, of: network.record.id, as: a, madeAt: revision)
        }
        #expect(try await scene.owner(of: reserved.address, in: network) == .endpoint(endpoint.record.id))
        let second = try await scene.reserve(of: network, as: a)
        for _ in 0..<2 { try await scene.catalog.releaseReservation(second.address, of: network.record.id, as: a) }
        #expect(try await scene.owner(of: second.address, in: network) == nil)
    }

    @Test func `a reservation whose answer was lost is told all the same, and once`() async throws {
        let network = try await scene.network()
        let claim = try await scene.join()
        // So that the tries are spread out.
        for _ in 0..<3 { _ = try await scene.reserve(of: network, as: claim) }
        for number in 0..<200 {
            let connection = scene.through(FaultyStore(scene.store, .oneIn(4, SeededRandomness(seed: UInt64(number)))))
            let id: ReservationID = scene.id()
            let reserved = try? await connection.reserve(of: network, as: claim, knowing: [], id: id)
            let held = try await scene.store.list(CatalogKeys.addresses(of: network.record.id)).entries.filter {
                try RecordCoding.decode(AddressRecord.self, from: $0) == .reserved(claim.node, claim.epoch, id)
            }
            #expect(held.count <= 1)
            if let reserved { #expect(held.map(\.modified) == [reserved.revision]) }
            // Also when the caller was told of no address.
            try await scene.catalog.releaseReservation(id, of: network.record.id, as: claim)
        }
        try await checkInvariants(scene)
    }

    @Test func `a reservation goes with its node, and the address of an endpoint stays`() async throws {
        let network = try await scene.network()
        let claim = try await scene.join()
        let taken = try await scene.reserve(of: network, as: claim)
        let endpoint = try await scene.catalog.attach(try scene.engineRequest(taken), to: network, as: claim)
        let left = try await scene.reserve(of: network, as: claim)
        try await scene.kill(claim)
        #expect(try await scene.owner(of: left.address, in: network) == nil)
        #expect(try await scene.owner(of: taken.address, in: network) == .endpoint(endpoint.record.id))
        let error = await refusal { _ = try await scene.reserve(of: network, as: claim) }
        #expect(error?.code == .fenced)
    }

    @Test func `the audit frees reservations of earlier lives, of nobody and of no network, and no other`() async throws {
        let network = try await scene.network()
        let before = try await scene.join()
        let early = try await scene.reserve(of: network, as: before)
        let again = try await scene.reserve(of: network, as: before)
        let after = try await scene.join(id: before.node, epoch: 2)
        // Taken over in time.
        let endpoint = try await scene.catalog.attach(try scene.engineRequest(again), to: network, as: after)
        let live = try await scene.reserve(of: network, as: after)
        let (nobody, nowhere): (NodeID, NetworkID) = (scene.id(), scene.id())
        let orphans: [StoreOperation] = [
            try RecordCoding.put(
                AddressRecord.reserved(nobody, Epoch(1), scene.id()),
                at: CatalogKeys.address(IPAddress(10, 0, 0, 77), of: network.record.id)),
            try RecordCoding.put(
                AddressRecord.reserved(after.node, Epoch(2), scene.id()), at: CatalogKeys.address(IPAddress(10, 0, 0, 77), of: nowhere)),
        ]
        _ = try await scene.store.commit(StoreTransaction([], then: orphans))
        #expect(try await scene.catalog.audit().claims == 3)
        #expect(try await scene.owner(of: early.address, in: network) == nil)
        #expect(try await scene.owner(of: again.address, in: network) == .endpoint(endpoint.record.id))
        #expect(try await scene.owner(of: live.address, in: network) != nil)
        #expect(try await scene.catalog.audit().isEmpty)
    }

    @Test func `a network with nothing but reservations can be removed, and they go with it`() async throws {
        let network = try await scene.network()
        let claim = try await scene.join()
        let reserved = try await scene.reserve(of: network, as: claim)
        try await scene.catalog.removeNetwork(network.record.id)
        #expect(try await scene.keys() == [CatalogKeys.node(claim.node).path])
        for operation: () async throws -> Void in [
            { _ = try await scene.catalog.attach(try scene.engineRequest(reserved), to: network, as: claim) },
            { _ = try await scene.reserve(of: network, as: claim, knowing: []) },
        ] {
            #expect(await refusal(of: operation)?.code == .networkNotFound)
        }
        let going = try await scene.network("going")
        let marked = try #require(try await scene.catalog.setState(.removing, of: going))
        #expect(await refusal { _ = try await scene.reserve(of: marked, as: claim) }?.message == "network going is being removed")
    }
}
