import ClusterStore
import NetworkModel
import TestSupport
import Testing

@testable import ClusterCatalog

@Suite struct FencingTests {
    let scene = Scene()

    @Test func `the name of an earlier life of the node is taken over with its address, lesson 2`() async throws {
        let network = try await scene.network()
        let before = try await scene.join()
        _ = try await scene.attach("other", to: network, as: before)
        let held = try await scene.attach("web", to: network, as: before)
        // Killed: its node record is still there, under the old lease.
        let after = try await scene.join(id: before.node, epoch: 2)
        let endpoint = try await scene.attach("web", to: network, as: after, knowing: [])
        #expect(endpoint.record.addresses == held.record.addresses)
        #expect(endpoint.record.id != held.record.id)
        #expect(try await scene.catalog.endpoints(of: network.record.id).count == 2)
        #expect(try await scene.catalog.audit().isEmpty)
    }

    @Test func `a takeover frees the addresses that it does not keep, lesson 3`() async throws {
        let network = try await scene.network(subnets: "10.9.0.0/24")
        let before = try await scene.join()
        _ = try await scene.attach("web", to: network, as: before)
        let after = try await scene.join(id: before.node, epoch: 2)
        let endpoint = try await scene.catalog.attach(try scene.request("web", addresses: "10.9.0.9"), to: network, as: after)
        #expect(endpoint.record.addresses.map(\.description) == ["10.9.0.9"])
        let addresses = try await scene.store.list(CatalogKeys.addresses(of: network.record.id)).entries
        #expect(addresses.compactMap { $0.key.segments.last } == ["10.9.0.1", "10.9.0.9"])
    }

    @Test func `a chosen address of an earlier life is taken over under another name`() async throws {
        let network = try await scene.network(subnets: "10.9.0.0/24")
        let before = try await scene.join()
        _ = try await scene.catalog.attach(try scene.request("old", addresses: "10.9.0.9"), to: network, as: before)
        let after = try await scene.join(id: before.node, epoch: 2)
        _ = try await scene.catalog.attach(try scene.request("new", addresses: "10.9.0.9"), to: network, as: after)
        #expect(try await scene.catalog.endpoints().map(\.record.name.rawValue) == ["new"])
        #expect(try await scene.catalog.audit().isEmpty)
    }

    @Test func `the same sandbox takes over its own name`() async throws {
        let network = try await scene.network()
        let claim = try await scene.join()
        let sandbox: SandboxID = scene.id()
        _ = try await scene.catalog.attach(try scene.request("web", sandbox: sandbox), to: network, as: claim)
        let again = try await scene.catalog.attach(try scene.request("web", sandbox: sandbox), to: network, as: claim)
        #expect(try await scene.catalog.endpoints() == [again])
    }

    @Test func `another node's name is not taken over, also when that node is gone`() async throws {
        let network = try await scene.network()
        let holder = try await scene.join("a")
        _ = try await scene.attach("web", to: network, as: holder)
        try await scene.kill(holder)
        let other = try await scene.join("b", epoch: 9)
        let error = await refusal { _ = try await scene.attach("web", to: network, as: other) }
        #expect(error?.code == .endpointNameTaken)
        #expect(error?.message.contains("node \(holder.node.short), which is gone") == true)
    }

    @Test func `an earlier life writes nothing any more`() async throws {
        let network = try await scene.network()
        let before = try await scene.join()
        let mine = try await scene.attach("web", to: network, as: before)
        let after = try await scene.join(id: before.node, epoch: 2)
        let adopted = try await scene.catalog.adopt([mine], as: after)
        #expect(adopted.map(\.record.epoch) == [Epoch(2)])
        #expect(adopted.first?.record.addresses == mine.record.addresses)
        let sandbox = SandboxRecord(id: scene.id(), name: try EndpointName("s"), node: before.node, created: FixedTime().now())
        for operation: () async throws -> Void in [
            { _ = try await scene.attach("db", to: network, as: before) },
            { try await scene.catalog.detach(mine, as: before) },
            { _ = try await scene.catalog.adopt(adopted, as: before) },
            { try await scene.catalog.putSandbox(sandbox, as: before) },
            { try await scene.catalog.leave(before) },
            { _ = try await scene.join(id: before.node, epoch: 1) },
        ] {
            #expect(await refusal(of: operation)?.code == .fenced)
        }
        #expect(try await scene.catalog.endpoints() == adopted)
    }

    @Test func `a node without its lease writes nothing any more`() async throws {
        let network = try await scene.network()
        let claim = try await scene.join()
        try await scene.kill(claim)
        let error = await refusal { _ = try await scene.attach("web", to: network, as: claim) }
        #expect(error?.code == .fenced)
        #expect(try await scene.catalog.endpoints().isEmpty)
    }

    @Test func `a late detach does not take what has become somebody else's`() async throws {
        let network = try await scene.network()
        let claim = try await scene.join()
        let first = try await scene.attach("web", to: network, as: claim)
        try await scene.catalog.detach(first, as: claim)
        let second = try await scene.attach("web", to: network, as: claim)
        #expect(second.record.addresses == first.record.addresses)
        try await scene.catalog.detach(first, as: claim)
        #expect(try await scene.catalog.endpoints() == [second])
        #expect(try await scene.keys().contains(CatalogKeys.name(second.record.name, of: network.record.id).path))
    }

    @Test func `a record published again does not stop attaches that are under way, lesson 15`() async throws {
        let network = try await scene.network()
        let claim = try await scene.join()
        var moved = try scene.nodeRecord(id: claim.node, vtep: "192.0.2.99")
        moved.hostname = "renamed"
        let lease = try #require(claim.lease)
        let newer = try await scene.catalog.join(moved, holding: lease)
        #expect(newer.revision != claim.revision)
        _ = try await scene.attach("web", to: network, as: claim)
        #expect(try await scene.catalog.nodes().map(\.record.vtep.description) == ["192.0.2.99"])
    }

    @Test func `a copied node id is refused while its holder lives, lesson 15`() async throws {
        let holder = try await scene.join("original")
        let copy = try scene.nodeRecord("copy", id: holder.node, epoch: 7, vtep: "192.0.2.2")
        let lease = try await scene.store.grantLease(lasting: .seconds(600))
        let error = await refusal { _ = try await scene.catalog.join(copy, holding: lease) }
        #expect(error?.code == .nodeTaken)
        #expect(error?.message.contains("in use by host original at 192.0.2.1") == true)
        try await scene.kill(holder)
        _ = try await scene.catalog.join(copy, holding: lease)
    }

    @Test func `joining twice with the same record is one join, and leaving twice one leave`() async throws {
        let record = try scene.nodeRecord()
        let lease = try await scene.store.grantLease(lasting: .seconds(600))
        let first = try await scene.catalog.join(record, holding: lease)
        #expect(try await scene.catalog.join(record, holding: lease) == first)
        try await scene.catalog.leave(first)
        try await scene.catalog.leave(first)
        #expect(try await scene.catalog.nodes().isEmpty)
    }

    @Test func `a local catalog fences nobody`() async throws {
        let scene = Scene(scope: .local)
        let claim = NodeClaim(local: scene.id(), epoch: Epoch(1))
        let network = try await scene.network("frontend")
        let endpoint = try await scene.attach("web", to: network, as: claim)
        #expect(endpoint.record.addresses.map(\.description) == ["172.17.0.2"])
        let later = NodeClaim(local: claim.node, epoch: Epoch(2))
        #expect(try await scene.catalog.adopt([endpoint], as: later).map(\.record.epoch) == [Epoch(2)])
        try await scene.catalog.leave(later)
    }
}
