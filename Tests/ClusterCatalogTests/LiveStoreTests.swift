import ClusterStore
import NetworkModel
import TestSupport
import Testing

@testable import ClusterCatalog

/// What must hold in a real store: SQLite on a disk, a real etcd over HTTP, a stand-in of Consul.
@Suite(.serialized) struct LiveStoreTests {
    @Test(arguments: LiveStore.allCases)
    func `attach is one transaction and detach is one`(kind: LiveStore) async throws {
        try await kind.run { base in
            let store = CountingStore(base)
            let scene = Scene(store)
            let claim = try await scene.join()
            let network = try await scene.network()
            var endpoint: CatalogEntry<EndpointRecord>?
            let attach = try await store.counting {
                endpoint = try await scene.attach("web", to: network, as: claim, knowing: [])
            }
            #expect(attach == CountingStore.Counts(transactions: 1, reads: 0, largest: 9))
            let attached = try #require(endpoint)
            let detach = try await store.counting { try await scene.catalog.detach(attached, as: claim) }
            #expect(detach == CountingStore.Counts(transactions: 1, reads: 0, largest: 5))
        }
    }

    @Test(arguments: LiveStore.allCases)
    func `an engine's endpoint is one transaction for each of its calls`(kind: LiveStore) async throws {
        try await kind.run { base in
            let store = CountingStore(base)
            let scene = Scene(store)
            let claim = try await scene.join()
            let network = try await scene.network()
            var reserved: ReservedAddress?
            let reserve = try await store.counting {
                reserved = try await scene.reserve(of: network, as: claim, knowing: [])
            }
            #expect(reserve == CountingStore.Counts(transactions: 1, reads: 0, largest: 4))
            let request = try scene.engineRequest(try #require(reserved))
            var endpoint: CatalogEntry<EndpointRecord>?
            let attach = try await store.counting {
                endpoint = try await scene.catalog.attach(request, to: network, as: claim, knowing: [])
            }
            #expect(attach == CountingStore.Counts(transactions: 1, reads: 0, largest: 9))
            let attached = try #require(endpoint)
            let identity = try scene.identity("web", on: claim.node)
            let identify = try await store.counting { endpoint = try await scene.catalog.identify(attached, as: identity, by: claim) }
            #expect(identify == CountingStore.Counts(transactions: 1, reads: 0, largest: 7))
            let free = try await store.counting {
                try await scene.catalog.releaseReservation(
                    attached.record.addresses[0], of: network.record.id, as: claim, madeAt: reserved?.revision)
            }
            #expect(free == CountingStore.Counts(transactions: 1, reads: 0, largest: 2))
            // What the reservation's lease held, the endpoint holds by itself.
            try await scene.kill(claim)
            #expect(try await scene.owner(of: attached.record.addresses[0], in: network) == .endpoint(attached.record.id))
        }
    }

    @Test(arguments: LiveStore.allCases)
    func `64 containers that engines start at once all get their addresses and names, lesson 11`(kind: LiveStore) async throws {
        try await kind.run { store in
            let scene = Scene(store)
            let network = try await scene.network()
            let claims = [try await scene.join("a"), try await scene.join("b"), try await scene.join("c")]
            try await withThrowingTaskGroup { group in
                for number in 0..<64 {
                    let claim = claims[number % 3]
                    group.addTask {
                        let reserved = try await scene.reserve(of: network, as: claim, knowing: [])
                        let endpoint = try await scene.catalog.attach(try scene.engineRequest(reserved), to: network, as: claim)
                        _ = try await scene.catalog.identify(endpoint, as: try scene.identity("c\(number)", on: claim.node), by: claim)
                    }
                }
                try await group.waitForAll()
            }
            let endpoints = try await scene.catalog.endpoints(of: network.record.id).map(\.record)
            #expect(Set(endpoints.flatMap(\.addresses)).count == 64)
            #expect(Set(endpoints.map(\.name)).count == 64)
            #expect(try await scene.catalog.audit().isEmpty)
            try await checkInvariants(scene)
        }
    }

    @Test(arguments: [LiveStore.embedded, .etcd, .consul])
    func `engines race thousands of reservations, attaches and identities under faults, lessons 3 and 4`(kind: LiveStore) async throws {
        try await kind.run { try await raceEngines(in: Scene($0), rounds: 250, seed: 5) }
    }

    @Test(arguments: [LiveStore.embedded, .etcd, .consul])
    func `5 workers race thousands of attaches and detaches under faults, lesson 4`(kind: LiveStore) async throws {
        try await kind.run { try await raceWorkers(in: Scene($0), rounds: 250, seed: 4) }
    }

    @Test(arguments: LiveStore.allCases)
    func `200 attaches at once all succeed, lesson 11`(kind: LiveStore) async throws {
        try await kind.run { store in
            let scene = Scene(store)
            let network = try await scene.network()
            let claims = [try await scene.join("a"), try await scene.join("b"), try await scene.join("c")]
            try await withThrowingTaskGroup { group in
                for number in 0..<200 {
                    group.addTask {
                        // Nothing known: as when all of them looked before any of them wrote.
                        _ = try await scene.attach("c\(number)", to: network, as: claims[number % 3], knowing: [])
                    }
                }
                try await group.waitForAll()
            }
            let endpoints = try await scene.catalog.endpoints(of: network.record.id)
            #expect(Set(endpoints.flatMap(\.record.addresses)).count == 200)
            #expect(scene.catalog.lostRaces.count > 0)
            #expect(try await scene.catalog.audit().isEmpty)
        }
    }

    @Test(arguments: LiveStore.allCases)
    func `a hundred creates of one name make one network, lesson 14`(kind: LiveStore) async throws {
        try await kind.run { store async throws in
            let scene = Scene(store)
            let outcomes = await withTaskGroup(of: CatalogError?.self) { group in
                for _ in 0..<100 { group.addTask { await refusal { _ = try await scene.network("multi") } } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == nil } == 1)
            #expect(outcomes.count { $0?.message == "network with name multi already exists" && $0?.kind == .conflict } == 99)
            #expect(try await scene.catalog.networks().count == 1)
            #expect(try await scene.keys().count == 5)
        }
    }

    @Test(arguments: LiveStore.allCases)
    func `a node's record goes with its lease, and its endpoints when it is reaped`(kind: LiveStore) async throws {
        try await kind.run { store in
            let scene = Scene(store)
            let network = try await scene.network()
            let dead = try await scene.join("dead")
            for number in 0..<30 { _ = try await scene.attach("d\(number)", to: network, as: dead) }
            try await scene.kill(dead)
            #expect(try await scene.catalog.deadNodes() == [dead.node])
            #expect(try await scene.catalog.reapNode(dead.node).endpoints == 30)
            try await scene.catalog.removeNetwork(network.record.id)
            #expect(try await scene.keys() == [])
        }
    }

    @Test func `a network is as large as the store takes at once, and one that is larger is refused by name`() async throws {
        try await LiveStore.consul.run { store in
            let scene = Scene(store)
            func request(_ name: String, subnets: Int) throws -> NetworkRequest {
                let pools = try (0..<subnets).map { SubnetRecord(pool: try Subnet("10.\($0).0.0/16"), isUserDefined: true) }
                return NetworkRequest(name: name, subnets: pools)
            }
            let refused = await refusal { _ = try await scene.catalog.createNetwork(try request("large", subnets: 16)) }
            #expect(refused?.kind == .invalid)
            #expect(refused?.message.contains("network large has more subnets") == true)
            #expect(try await scene.keys() == [])
            let network = try await scene.catalog.createNetwork(try request("large", subnets: 14))
            try await scene.catalog.removeNetwork(network.record.id)
        }
    }
}
