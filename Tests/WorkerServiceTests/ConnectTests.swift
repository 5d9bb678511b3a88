import ClusterCatalog
import ClusterStore
import DaemonKit
import EngineAPI
import KernelNetwork
import NetworkModel
import TestSupport
import Testing
import WorkerAPI

@testable import WorkerService

@Suite(.timeLimit(.minutes(1))) struct `Connecting a sandbox` {
    private let store = AwayStore(InMemoryStore())
    private let alpha = Host(1)
    private let beta = Host(2)

    private func interfaces(_ worker: Worker, _ sandbox: String) async throws -> [String] {
        try await worker.backend.sandbox(matching: sandbox).attachments.map(\.endpoint.interface)
    }

    @Test func `is one transaction, and so is disconnecting`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            _ = try await worker.network("multi")
            _ = try await worker.sandbox("rose")
            let before = store.commits
            try await worker.backend.connect("rose", to: "multi", with: AttachmentOptions())
            #expect(store.commits == before + 1)
            try await worker.backend.disconnect("rose", from: "multi", force: false)
            #expect(store.commits == before + 2)
        }
    }

    @Test func `gives it the lowest free interface`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            for name in ["a", "b", "c"] { _ = try await worker.network(name) }
            _ = try await worker.sandbox("rose", on: "a", "b")
            #expect(try await interfaces(worker, "rose") == ["eth0", "eth1"])
            try await worker.backend.disconnect("rose", from: "a", force: false)
            try await worker.backend.connect("rose", to: "c", with: AttachmentOptions())
            #expect(try await interfaces(worker, "rose") == ["eth0", "eth1"])
        }
    }

    @Test func `to many networks at once gives each an interface of its own`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            let names = (0..<6).map { "net\($0)" }
            for name in names { _ = try await worker.network(name) }
            _ = try await worker.sandbox("rose")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in names { group.addTask { try await worker.backend.connect("rose", to: name, with: AttachmentOptions()) } }
                try await group.waitForAll()
            }
            #expect(Set(try await interfaces(worker, "rose")) == Set((0..<6).map { "eth\($0)" }))
        }
    }

    @Test func `twice to one network is refused, and what is not connected is not disconnected`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            _ = try await worker.network("multi")
            _ = try await worker.sandbox("rose", on: "multi")
            let twice = await refusal { try await worker.backend.connect("rose", to: "multi", with: AttachmentOptions()) }
            #expect(twice?.message == "endpoint with name rose already exists in network multi")
            try await worker.backend.disconnect("rose", from: "multi", force: false)
            let never = await refusal { try await worker.backend.disconnect("rose", from: "multi", force: false) }
            #expect(never?.message.contains("is not connected to network multi") == true)
        }
    }

    @Test func `that was removed since it was found is refused, and leaves nothing`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            _ = try await worker.network("multi")
            let rose = try await worker.sandbox("rose").sandbox
            let network = try await worker.backend.scopes.network(matching: "multi")
            try await worker.backend.removeSandbox(matching: "rose", force: false)
            let refusal = await refusal {
                _ = try await worker.backend.attachments.attach(rose, to: network, with: AttachmentOptions())
            }
            #expect(refusal?.kind == .notFound)
            #expect(try await store.list(CatalogKeys.endpoints).entries.isEmpty)
        }
    }

    @Test func `reaches a sandbox on another host through the store`() async throws {
        let (first, second) = (try alpha.worker(on: store), try beta.worker(on: store))
        try await running(first, second) {
            let network = try await first.network("multi")
            _ = try await second.sandbox("lily")
            try await eventually("the other host has adopted what it had") {
                (try? await first.backend.connect("lily", to: "multi", with: AttachmentOptions())) != nil
            }
            #expect(try await interfaces(second, "lily") == ["eth0"])
            #expect(try await first.backend.network(matching: "multi", in: nil).endpoints.map(\.network) == [network])
            let refused = await refusal { try await first.backend.connect("lily", to: "multi", with: AttachmentOptions()) }
            #expect(refused?.kind == .forbidden, "the other host's own words and kind")
            try await first.backend.disconnect("lily", from: "multi", force: false)
            #expect(try await interfaces(second, "lily").isEmpty)
            #expect(try await store.list(CatalogKeys.requests).entries.isEmpty)
        }
    }

    @Test func `hears of an unknown sandbox before an unknown network`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            let refusal = await refusal { try await worker.backend.connect("nobody", to: "nowhere", with: AttachmentOptions()) }
            #expect(refusal?.message == "No such container: nobody")
        }
    }

    @Test func `to a local network keeps out of the cluster's store`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            _ = try await worker.network("frontend", driver: "bridge")
            _ = try await worker.sandbox("web")
            let before = store.commits
            try await worker.backend.connect("web", to: "frontend", with: AttachmentOptions())
            #expect(store.commits == before)
            #expect(try await worker.backend.networks().map(\.scope) == [.local])
            #expect(try await store.list(CatalogKeys.networks).entries.isEmpty)
        }
    }
}
