import ClusterStore
import NetworkModel
import TestSupport
import Testing

@testable import ClusterCatalog

@Suite struct RequestTests {
    let scene = Scene()

    private func request(for node: NodeID, deadline: Int = 30) -> RequestRecord {
        RequestRecord(id: scene.id(), node: node, verb: .connect, sandbox: scene.id(), network: scene.id(), deadlineSeconds: deadline)
    }

    /// Serves one request as a node does.
    private func serve(_ node: NodeID, _ answer: RequestRecord.State) async throws {
        var claimed: CatalogEntry<RequestRecord>?
        try await eventually("a request for the node is there") {
            for request in try await scene.catalog.requests(for: node) where claimed == nil {
                claimed = try await scene.catalog.claimRequest(request)
            }
            return claimed != nil
        }
        if let claimed { try await scene.catalog.answerRequest(claimed, answer) }
    }

    @Test func `a request is answered and leaves no trace`() async throws {
        let claim = try await scene.join()
        let endpoint: EndpointID = scene.id()
        let before = try await scene.keys()
        async let answer = scene.catalog.ask(request(for: claim.node))
        try await serve(claim.node, .done(endpoint))
        #expect(try await answer == endpoint)
        #expect(try await scene.keys() == before)
    }

    @Test func `a failure arrives in the node's own words and kind`() async throws {
        let claim = try await scene.join()
        async let error = refusal { _ = try await scene.catalog.ask(request(for: claim.node)) }
        try await serve(claim.node, .failed(.forbidden, "Address already in use"))
        let refused = await error
        #expect(refused?.message == "Address already in use")
        #expect(refused?.kind == .forbidden)
    }

    @Test func `a request to a node that is not there is refused at once`() async throws {
        let error = await refusal { _ = try await scene.catalog.ask(request(for: scene.id())) }
        #expect(error?.kind == .unavailable)
        #expect(error?.message.contains("is not running: nothing was done") == true)
    }

    @Test func `a request nobody begins is taken back at its deadline, lesson 17`() async throws {
        let claim = try await scene.join()
        let before = try await scene.keys()
        let error = await refusal { _ = try await scene.catalog.ask(request(for: claim.node, deadline: 0)) }
        #expect(error?.message.hasSuffix("did not answer within 0 s: nothing was done") == true)
        #expect(try await scene.keys() == before)
    }

    @Test func `a request that was begun says so at its deadline`() async throws {
        let claim = try await scene.join()
        async let error = refusal { _ = try await scene.catalog.ask(request(for: claim.node, deadline: 2)) }
        var claimed: CatalogEntry<RequestRecord>?
        try await eventually("the request is claimed") {
            for request in try await scene.catalog.requests(for: claim.node) {
                claimed = try await scene.catalog.claimRequest(request)
            }
            return claimed != nil
        }
        #expect(await error?.message.contains("it had begun") == true)
        let late = try #require(claimed)
        #expect(try await scene.catalog.answerRequest(late, .done(nil)) == false)
    }

    @Test func `a request is carried out at most once`() async throws {
        let claim = try await scene.join()
        let record = request(for: claim.node)
        let key = CatalogKeys.request(record.id, for: claim.node)
        _ = try await scene.store.commit(StoreTransaction([], then: [try RecordCoding.put(record, at: key)]))
        let entry = try #require(try await scene.catalog.requests(for: claim.node).first)
        #expect(try await scene.catalog.claimRequest(entry)?.record.state == .claimed)
        let current = try #require(try await scene.catalog.requests(for: claim.node).first)
        #expect(try await scene.catalog.claimRequest(current) == nil)
    }

    @Test func `two that claim one request at once do not both get it`() async throws {
        let claim = try await scene.join()
        let record = request(for: claim.node)
        let key = CatalogKeys.request(record.id, for: claim.node)
        _ = try await scene.store.commit(StoreTransaction([], then: [try RecordCoding.put(record, at: key)]))
        let entry = try #require(try await scene.catalog.requests(for: claim.node).first)
        #expect(try await scene.catalog.claimRequest(entry) != nil)
        #expect(try await scene.catalog.claimRequest(entry) == nil)
    }
}
