import ClusterCatalog
import ClusterStore
import FakeKernel
import KernelNetwork
import NetworkModel
import TestSupport
import Testing
import WorkerAPI

@testable import WorkerService

/// Lesson 10: the store has lost what it had, or says so.
@Suite(.timeLimit(.minutes(1))) struct `When the store has lost` {
    private let memory = InMemoryStore()
    private let lying: LyingStore
    private let alpha = Host(1)
    private let beta = Host(2)

    init() { lying = LyingStore(memory) }

    /// Everything below a prefix, or everything.
    private func wipe(_ prefix: StoreKey = StoreKey(path: "")) async throws {
        let keys = try await memory.list(prefix).entries.map(\.key)
        _ = try await memory.commit(StoreTransaction([], then: keys.map { .delete($0) }))
    }

    private func records() async throws -> [EndpointRecord] {
        try await memory.list(CatalogKeys.endpoints).entries.map { try CatalogEntry<EndpointRecord>($0).record }.sorted { $0.id < $1.id }
    }

    /// What would have cost a packet.
    private func losses(on host: Host, since count: Int) -> [FakeKernel.Write] {
        host.kernel.writes.dropFirst(count).filter { write in
            switch write {
            case .deleteNamespace, .change(.deleteLink, _), .change(.deleteNeighbour, _), .change(.deleteForwarding, _): true
            default: false
            }
        }
    }

    private func keys(_ prefix: StoreKey) async throws -> [StoreKey] { try await memory.list(prefix).entries.map(\.key) }

    @Test func `everything, the workers put back what they hold, and no packet is lost`() async throws {
        let (first, second) = (try alpha.worker(on: memory), try beta.worker(on: memory))
        try await running(first, second) {
            let network = try await first.network("multi")
            _ = try await first.network("unused")
            _ = try await first.sandbox("rose", on: "multi")
            _ = try await second.sandbox("lily", on: "multi")
            try await eventually("each knows the other") {
                alpha.neighbours(in: network).count == 2 && beta.neighbours(in: network).count == 2
            }
            let before = try await records()
            let networks = try await keys(CatalogKeys.networks)
            let others = try await keys(CatalogKeys.addresses(of: network)) + keys(CatalogKeys.names(of: network))
            let writes = (alpha.kernel.writes.count, beta.kernel.writes.count)
            try await wipe()
            try await eventually("the endpoints are back") { try await records().count == 2 }
            #expect(try await records() == before)
            try await eventually("nothing is missing any more") {
                let missing = await (first.backend.scopes.global.mirror.view.missing, second.backend.scopes.global.mirror.view.missing)
                return missing.0.isEmpty && missing.1.isEmpty
            }
            #expect(try await keys(CatalogKeys.networks) == networks)
            #expect(try await keys(CatalogKeys.addresses(of: network)) + keys(CatalogKeys.names(of: network)) == others)
            #expect(losses(on: alpha, since: writes.0).isEmpty)
            #expect(losses(on: beta, since: writes.1).isEmpty)
            _ = try await second.sandbox("iris", on: "multi", "unused")
            #expect(try await Set(records().flatMap(\.addresses)).count == 4)
        }
    }

    @Test(arguments: [CatalogKeys.endpoints, CatalogKeys.sandboxes, CatalogKeys.nodes, CatalogKeys.nodeEndpoints])
    func `a part of it, that part is put back`(prefix: StoreKey) async throws {
        let worker = try alpha.worker(on: memory)
        try await running(worker) {
            _ = try await worker.network("multi")
            _ = try await worker.sandbox("rose", on: "multi")
            let before = try await keys(prefix)
            let writes = alpha.kernel.writes.count
            try await wipe(prefix)
            try await eventually("it is back") { try await keys(prefix) == before }
            #expect(losses(on: alpha, since: writes).isEmpty)
            try await eventually("it may write") { (try? await worker.sandbox("lily", on: "multi")) != nil }
        }
    }

    @Test func `everything, and the watch of the networks does not tell, all is put back`() async throws {
        let worker = try alpha.worker(on: lying)
        try await running(worker) {
            _ = try await worker.network("multi")
            _ = try await worker.sandbox("rose", on: "multi")
            let (before, networks) = (try await records(), try await keys(CatalogKeys.networks))
            let writes = alpha.kernel.writes.count
            lying.holdBack(CatalogKeys.networks)
            try await wipe()
            try await eventually("the endpoint is back") { try await records() == before }
            #expect(try await keys(CatalogKeys.networks) == networks)
            #expect(losses(on: alpha, since: writes).isEmpty)
        }
    }

    @Test func `an endpoint whose address is another's by now, it is let go`() async throws {
        let worker = try alpha.worker(on: memory)
        try await running(worker) {
            let network = try await worker.network("multi")
            _ = try await worker.sandbox("rose", on: "multi")
            let rose = try #require(try await records().first)
            let address = CatalogKeys.address(try #require(rose.addresses.first), of: network)
            let other = Array("\"\(String(repeating: "e", count: 64))\"".utf8)
            let keys = [
                CatalogKeys.endpoint(rose.id, of: network), CatalogKeys.nodeEndpoint(rose.id, on: rose.node),
                CatalogKeys.name(rose.name, of: network),
            ]
            _ = try await memory.commit(StoreTransaction([], then: keys.map { .delete($0) } + [.put(address, other)]))
            try await eventually("its device goes") { alpha.kernel.namespace(.named("sk-rose"))?.links["eth0"] == nil }
            try await eventually("nothing is missing") { await worker.backend.scopes.global.mirror.view.missing.isEmpty }
            #expect(try await records().isEmpty)
        }
    }

    @Test func `nothing, though a list is empty, nothing happens`() async throws {
        let worker = try alpha.worker(on: lying)
        try await running(worker) {
            let network = try await worker.network("multi")
            _ = try await worker.sandbox("rose", on: "multi")
            let before = try await records()
            let writes = alpha.kernel.writes.count
            let revision = try await memory.list(CatalogKeys.nodes).revision
            let prefixes = [
                CatalogKeys.nodes, CatalogKeys.networks, CatalogKeys.sandboxes(on: alpha.node), CatalogKeys.nodeEndpoints(alpha.node),
                CatalogKeys.endpoints(of: network),
            ]
            for prefix in prefixes { lying.tell(.snapshot(StoreSnapshot(revision: revision, entries: [])), of: prefix) }
            let mirror = worker.backend.scopes.global.mirror
            try await eventually("it is in doubt") {
                let missing = await mirror.view.missing
                return missing.sources(of: alpha.node).count == prefixes.count && !missing.networks.isEmpty
            }
            try await eventually("the doubt is over") { await mirror.view.missing.isEmpty }
            #expect(losses(on: alpha, since: writes).isEmpty)
            #expect(try await records() == before)
        }
    }

    @Test func `a crowd of others, it is believed at the second look only`() async throws {
        let (first, second) = (try alpha.worker(on: lying), try beta.worker(on: memory))
        try await running(first, second) {
            let network = try await first.network("multi")
            _ = try await first.sandbox("rose", on: "multi")
            for number in 0..<10 { _ = try await second.sandbox("lily\(number)", on: "multi") }
            try await eventually("rose's host knows them") { alpha.neighbours(in: network).count == 11 }
            let writes = alpha.kernel.writes.count
            let all = try await memory.list(CatalogKeys.endpoints(of: network))
            let others = try all.entries.filter { try CatalogEntry<EndpointRecord>($0).record.node == beta.node }
            let mirror = first.backend.scopes.global.mirror
            lying.tell(.changes(others.map { .deleted($0.key) }, all.revision.next), of: CatalogKeys.endpoints(of: network))
            try await eventually("it is in doubt") { await mirror.view.missing.otherEndpoints[network]?.count == 10 }
            try await eventually("the doubt is over") { await mirror.view.missing.isEmpty }
            #expect(losses(on: alpha, since: writes).isEmpty)
            for number in 0..<10 { try await second.backend.removeSandbox(matching: "lily\(number)", force: true) }
            try await eventually("they are gone") { alpha.neighbours(in: network).count == 1 }
        }
    }
}
