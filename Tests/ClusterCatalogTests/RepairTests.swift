import ClusterStore
import NetworkModel
import TestSupport
import Testing

@testable import ClusterCatalog

@Suite struct RepairTests {
    let scene = Scene()

    @Test func `what a dead node held is reaped, and the network can be removed, lesson 1`() async throws {
        let store = CountingStore(InMemoryStore())
        let scene = Scene(store)
        let network = try await scene.network(subnets: "10.9.0.0/16")
        let dead = try await scene.join("dead")
        let alive = try await scene.join("alive")
        for number in 0..<50 { _ = try await scene.attach("d\(number)", to: network, as: dead) }
        let kept = try await scene.attach("kept", to: network, as: alive)
        try await scene.catalog.putSandbox(
            SandboxRecord(id: scene.id(), name: try EndpointName("s"), node: dead.node, created: FixedTime().now()), as: dead)
        try await scene.kill(dead)
        #expect(try await scene.catalog.deadNodes() == [dead.node])
        var report = RepairReport()
        let counts = try await store.counting { report = try await scene.catalog.reapNode(dead.node) }
        #expect(report.endpoints == 50)
        #expect(report.sandboxes == 1)
        #expect(counts.largest <= 64)
        #expect(try await scene.catalog.deadNodes().isEmpty)
        #expect(try await scene.catalog.endpoints() == [kept])
        try await scene.catalog.detach(kept, as: alive)
        try await scene.catalog.removeNetwork(network.record.id)
        #expect(try await scene.keys() == [CatalogKeys.node(alive.node).path])
    }

    @Test func `a node that is alive is not reaped`() async throws {
        let claim = try await scene.join("web-1")
        let error = await refusal { _ = try await scene.catalog.reapNode(claim.node) }
        #expect(error?.kind == .conflict)
        #expect(error?.message.contains("alive on host web-1") == true)
    }

    @Test func `orphans are found and freed, and nothing else, lesson 3`() async throws {
        let claim = try await scene.join()
        let network = try await scene.network(ipv6: true)
        _ = try await scene.attach("web", to: network, as: claim)
        #expect(try await scene.catalog.audit().isEmpty)
        let before = try await scene.keys()
        let nobody: EndpointID = scene.id()
        let nowhere: NetworkID = scene.id()
        let orphans: [StoreOperation] = [
            try RecordCoding.put(AddressRecord.endpoint(nobody), at: CatalogKeys.address(IPAddress(10, 0, 0, 77), of: network.record.id)),
            try RecordCoding.put(AddressRecord.gateway, at: CatalogKeys.address(IPAddress(10, 7, 0, 1), of: nowhere)),
            try RecordCoding.put(nobody, at: CatalogKeys.name(try EndpointName("lost"), of: network.record.id)),
            try RecordCoding.put(network.record.id, at: CatalogKeys.nodeEndpoint(nobody, on: claim.node)),
            try RecordCoding.put(nowhere, at: CatalogKeys.networkName("lost")),
            try RecordCoding.put(nowhere, at: CatalogKeys.vni(try VNI(4000))),
            try RecordCoding.put(nowhere, at: CatalogKeys.pool(try Subnet("10.7.0.0/24"), in: .global)),
        ]
        _ = try await scene.store.commit(StoreTransaction([], then: orphans))
        #expect(try await scene.catalog.audit().claims == 7)
        #expect(try await scene.keys() == before)
        #expect(try await scene.catalog.audit().isEmpty)
    }

    @Test func `a removal left halfway is finished, or undone when the network is used`() async throws {
        let claim = try await scene.join()
        let unused = try await scene.network("unused")
        let used = try await scene.network("used")
        _ = try await scene.attach("web", to: used, as: claim)
        for network in [unused, used] { _ = try await scene.catalog.setState(.removing, of: network) }
        #expect(try await scene.catalog.audit().networks == 2)
        #expect(try await scene.catalog.networks().map(\.record.name) == ["used"])
        _ = try await scene.attach("db", to: used, as: claim)
    }

    @Test func `whoever finds a dead remover's mark goes on where it stopped`() async throws {
        let network = try await scene.network()
        _ = try await scene.catalog.setState(.removing, of: network)
        try await scene.catalog.removeNetwork(network.record.id)
        #expect(try await scene.keys() == [])
    }

    @Test func `several controllers repair at once`() async throws {
        let network = try await scene.network(subnets: "10.9.0.0/16")
        let dead = try await scene.join("dead")
        for number in 0..<100 { _ = try await scene.attach("d\(number)", to: network, as: dead) }
        try await scene.kill(dead)
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    _ = try await scene.catalog.reapNode(dead.node)
                    _ = try await scene.catalog.audit()
                }
            }
            try await group.waitForAll()
        }
        #expect(try await scene.catalog.endpoints().isEmpty)
        #expect(try await scene.catalog.networks().count == 1)
    }
}
