import ClusterCatalog
import ClusterStore
import EngineAPI
import FakeKernel
import KernelNetwork
import NetworkModel
import TestSupport
import Testing
import WorkerAPI

@testable import WorkerService

@Suite(.timeLimit(.minutes(1))) struct `A worker's sandboxes` {
    private let store = InMemoryStore()
    private let alpha = Host(1)
    private let beta = Host(2)

    private func keys(_ prefixes: StoreKey...) async throws -> [String] {
        try await store.list(prefixes).entries.map(\.key.path)
    }

    @Test func `are programmed on every host that takes part in their network`() async throws {
        let (first, second) = (try alpha.worker(on: store), try beta.worker(on: store))
        try await running(first, second) {
            let network = try await first.network("multi")
            let rose = try await first.sandbox("rose", on: "multi")
            let lily = try await second.sandbox("lily", on: "multi")
            let addresses = Set([rose, lily].flatMap { $0.attachments.flatMap(\.endpoint.addresses) })
            #expect(addresses.count == 2)
            try await eventually("both hosts have both neighbours") {
                alpha.neighbours(in: network) == addresses && beta.neighbours(in: network) == addresses
            }
        }
    }

    @Test func `leave nothing in the store or the kernel when they are removed`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            _ = try await worker.network("multi")
            _ = try await worker.network("frontend", driver: "bridge")
            _ = try await worker.sandbox("rose", on: "multi", "frontend")
            #expect(alpha.hasNamespace("sk-rose"))
            try await worker.backend.removeSandbox(matching: "rose", force: false)
            #expect(!alpha.hasNamespace("sk-rose"))
            let left = try await keys(
                CatalogKeys.endpoints, CatalogKeys.names, CatalogKeys.nodeEndpoints, CatalogKeys.sandboxes, CatalogKeys.addresses)
            #expect(left.map { $0.hasSuffix("10.0.0.1") } == [true], "\(left)")
            #expect(try await alpha.localStore.list(CatalogKeys.endpoints).entries.isEmpty)
            #expect(try await worker.backend.sandboxes().isEmpty)
        }
    }

    @Test func `are not made when the kernel refuses, and nothing is half-done`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            _ = try await worker.network("multi")
            alpha.kernel.failAlways(.addLink)
            let refusal = await refusal { _ = try await worker.sandbox("rose", on: "multi") }
            #expect(refusal?.message.contains("addLink was made to fail") == true, "\(refusal?.message ?? "none")")
            #expect(try await keys(CatalogKeys.endpoints, CatalogKeys.names, CatalogKeys.sandboxes, CatalogKeys.nodeEndpoints).isEmpty)
            #expect(!alpha.hasNamespace("sk-rose"))
            alpha.kernel.heal()
            _ = try await worker.sandbox("rose", on: "multi")
            #expect(await worker.backend.status().dataplaneFault == nil)
        }
    }

    @Test func `cost nothing when a network is unknown`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            let refusal = await refusal { _ = try await worker.sandbox("rose", on: "no-such-network") }
            #expect(refusal?.kind == .notFound)
            #expect(refusal?.message.contains("no-such-network") == true)
            let left = try await keys(CatalogKeys.sandboxes)
            #expect(left.isEmpty)
        }
    }

    @Test func `have names that are their host's own, whatever the case (lesson 29)`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            _ = try await worker.sandbox("Rose")
            let refusal = await refusal { _ = try await worker.sandbox("rose") }
            #expect(refusal?.kind == .conflict)
            #expect(refusal?.message.contains("\"rose\"") == true)
        }
    }

    @Test func `are found by name, id and the beginning of an id`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            let rose = try await worker.sandbox("rose")
            for term in ["rose", "ROSE", rose.sandbox.id.rawValue, rose.sandbox.id.short] {
                #expect(try await worker.backend.sandbox(matching: term).sandbox.id == rose.sandbox.id)
            }
            for term in ["", "ros", "zzz"] {
                #expect(await refusal { _ = try await worker.backend.sandbox(matching: term) }?.kind == .notFound)
            }
        }
    }

    @Test func `with processes go only by force`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            _ = try await worker.sandbox("rose")
            try alpha.kernel.tamper(in: .named("sk-rose")) { $0.processes = [4242] }
            let refusal = await refusal { try await worker.backend.removeSandbox(matching: "rose", force: false) }
            #expect(refusal?.kind == .forbidden)
            #expect(refusal?.message.contains("4242") == true)
        }
    }
}
