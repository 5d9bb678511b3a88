import ClusterStore
import NetworkModel
import TestSupport
import Testing

@testable import ClusterCatalog

@Suite struct LookupTests {
    let scene = Scene()

    @Test func `a network is found by id, then by name, then by a prefix of its id`() async throws {
        let first = try await scene.network("multi")
        let prefix = String(first.record.id.rawValue.prefix(12))
        let named = try await scene.network(prefix)
        #expect(try await scene.catalog.network(matching: first.record.id.rawValue) == first)
        #expect(try await scene.catalog.network(matching: "multi") == first)
        #expect(try await scene.catalog.network(matching: prefix) == named)
        #expect(try await scene.catalog.network(matching: String(first.record.id.rawValue.prefix(13))) == first)
    }

    @Test func `what is not there is not found, in Docker's words`() async throws {
        for term in ["nosuch", "", "abcdef", "a/b"] {
            let error = await refusal { _ = try await scene.catalog.network(matching: term) }
            #expect(error?.message == "network \(term) not found")
            #expect(error?.kind == .notFound)
        }
    }

    @Test func `a prefix that several ids share is ambiguous`() async throws {
        for id in ["ab1", "ab2"] {
            let record = NetworkRecord(id: try NetworkID(id), name: id, driver: .overlay, created: FixedTime().now())
            let put = try RecordCoding.put(record, at: CatalogKeys.network(record.id))
            _ = try await scene.store.commit(StoreTransaction([], then: [put]))
        }
        let error = await refusal { _ = try await scene.catalog.network(matching: "ab") }
        #expect(error?.message == "network ab is ambiguous (2 matches found based on ID prefix)")
        #expect(error?.kind == .invalid)
    }

    @Test func `nodes of one hostname are told apart by their ids, lesson 13`() async throws {
        let claims = [try await scene.join("debian"), try await scene.join("debian"), try await scene.join("debian")]
        #expect(try await scene.catalog.nodes().count == 3)
        for claim in claims {
            #expect(try await scene.catalog.node(matching: claim.node.short).record.id == claim.node)
        }
        let error = await refusal { _ = try await scene.catalog.node(matching: "debian") }
        #expect(error?.message == "node debian is ambiguous (3 matches found based on name)")
        let network = try await scene.network()
        for (number, claim) in claims.enumerated() { _ = try await scene.attach("c\(number)", to: network, as: claim) }
        #expect(Set(try await scene.catalog.endpoints(of: network.record.id).map(\.record.node)).count == 3)
    }

    @Test func `sandboxes are found on any node`() async throws {
        let first = try await scene.join("a")
        let second = try await scene.join("b")
        func put(_ name: String, _ claim: NodeClaim) async throws -> SandboxRecord {
            let sandbox = SandboxRecord(id: scene.id(), name: try EndpointName(name), node: claim.node, created: FixedTime().now())
            try await scene.catalog.putSandbox(sandbox, as: claim)
            return sandbox
        }
        let web = try await put("web", first)
        _ = try await put("db", first)
        _ = try await put("db", second)
        #expect(try await scene.catalog.sandbox(matching: "web").record == web)
        #expect(try await scene.catalog.sandbox(matching: web.id.short).record == web)
        let ambiguous = await refusal { _ = try await scene.catalog.sandbox(matching: "db") }
        #expect(ambiguous?.code == .ambiguous)
        let absent = await refusal { _ = try await scene.catalog.sandbox(matching: "nocont") }
        #expect(absent?.message == "No such container: nocont")
        #expect(try await scene.catalog.sandboxes(on: second.node).count == 1)
    }

    @Test func `an unreadable value names its key`() async throws {
        let key = CatalogKeys.network(try NetworkID("ab"))
        _ = try await scene.store.commit(StoreTransaction([], then: [.put(key, Array("{\"id\":7}".utf8))]))
        let error = await refusal { _ = try await scene.catalog.networks() }
        #expect(error?.code == .undecodable)
        #expect(error?.message.contains("key networks/ab ") == true)
    }

    @Test func `a catalog of a newer format is refused`() async throws {
        try await scene.catalog.open()
        try await scene.catalog.open()
        _ = try await scene.store.commit(StoreTransaction([], then: [.put(CatalogKeys.format, Array("99".utf8))]))
        let error = await refusal { try await scene.catalog.open() }
        #expect(error?.code == .newerFormat)
        #expect(error?.message.contains("format 99") == true)
    }

    @Test func `a change of the store becomes a change of the view`() async throws {
        let claim = try await scene.join()
        let network = try await scene.network()
        let endpoint = try await scene.attach("web", to: network, as: claim)
        let key = CatalogKeys.endpoint(endpoint.record.id, of: network.record.id)
        let entry = try #require(try await scene.store.get(key))
        #expect(try ViewChange(.put(entry)) == .endpoint(network.record.id, endpoint.record.id, endpoint.record))
        #expect(try ViewChange(.deleted(key)) == .endpoint(network.record.id, endpoint.record.id, nil))
        #expect(try ViewChange(.deleted(CatalogKeys.network(network.record.id))) == .network(network.record.id, nil))
        #expect(try ViewChange(.deleted(CatalogKeys.node(claim.node))) == .node(claim.node, nil))
        #expect(try ViewChange(.deleted(CatalogKeys.vnis)) == nil)
    }
}
