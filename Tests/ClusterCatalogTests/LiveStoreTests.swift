import ClusterStore
import NetworkModel
import TestSupport
import Testing

@testable import ClusterCatalog

/// What must hold in a real store: SQLite on a disk, a real etcd over HTTP.
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
                endpoint = try await scene.attach("web", to: network, as: claim, knowing: KnownAddresses([]))
            }
            #expect(attach == CountingStore.Counts(transactions: 1, reads: 0, largest: 9))
            let attached = try #require(endpoint)
            let detach = try await store.counting { try await scene.catalog.detach(attached, as: claim) }
            #expect(detach == CountingStore.Counts(transactions: 1, reads: 0, largest: 5))
        }
    }

    @Test(arguments: [LiveStore.embedded, .etcd])
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
                        _ = try await scene.attach("c\(number)", to: network, as: claims[number % 3], knowing: KnownAddresses([]))
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
}
