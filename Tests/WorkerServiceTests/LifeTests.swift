import ClusterCatalog
import ClusterStore
import DaemonKit
import EngineAPI
import FakeKernel
import KernelNetwork
import NetworkModel
import ServiceLifecycle
import TestSupport
import Testing
import WorkerAPI

@testable import WorkerService

/// What becomes of a node when its worker, its host, its lease or its store dies.
@Suite(.timeLimit(.minutes(1))) struct `A node's lives` {
    private let memory = InMemoryStore()
    private let alpha = Host(1)

    private func catalog(_ store: any ClusterStore) -> ClusterCatalog {
        ClusterCatalog(
            store: store, scope: .global, randomness: SeededRandomness(seed: 99), wallTime: FixedTime(), clock: ContinuousClock(),
            logger: quiet)
    }

    private func addresses(of sandbox: String, _ worker: Worker) async throws -> [IPAddress] {
        try await worker.backend.sandbox(matching: sandbox).attachments.flatMap(\.endpoint.addresses)
    }

    @Test func `keep every endpoint, and nothing is written to the kernel again (lesson 25)`() async throws {
        let first = try alpha.worker(on: memory)
        let before = try await running(first) {
            _ = try await first.network("multi")
            _ = try await first.network("frontend", driver: "bridge")
            _ = try await first.sandbox("rose", on: "multi", "frontend")
            return try await addresses(of: "rose", first)
        }
        let writes = alpha.kernel.writes.count
        let second = try alpha.worker(on: memory)
        try await running(second) {
            // A change waits until everything is adopted.
            _ = try await second.sandbox("lily")
            #expect(try await addresses(of: "rose", second) == before)
            let endpoints = try await catalog(memory).endpoints().map(\.record)
            #expect(endpoints.map(\.epoch) == [Epoch(2)])
        }
        let disturbing = alpha.kernel.writes.dropFirst(writes).filter { write in
            switch write {
            case .change(_, .named("sk-rose")), .deleteNamespace: true
            default: false
            }
        }
        #expect(disturbing.isEmpty)
    }

    @Test func `go on in another store, whose half of a catalog is waited for`() async throws {
        let first = try alpha.worker(on: memory)
        let before = try await running(first) {
            _ = try await first.network("multi")
            _ = try await first.sandbox("rose", on: "multi")
            return try await addresses(of: "rose", first)
        }
        let writes = alpha.kernel.writes.count
        let archive = try CatalogArchive(try await memory.list(StoreKey(path: "")), of: memory, at: FixedTime().now())
        let moved = InMemoryStore()
        let mark = Array(#"{"importing":"elsewhere","sum":1}"#.utf8)
        _ = try await moved.commit(StoreTransaction([], then: [.put(CatalogKeys.format, mark)]))
        let second = try alpha.worker(on: moved)
        try await running(second) {
            try await eventually("the worker says that it waits") {
                await refusal { _ = try await second.sandbox("lily") }?.message.contains("the catalog is only half there") == true
            }
            // Its own import writes its own mark, and the catalog after it.
            _ = try await CatalogImport(archive, into: catalog(moved), holdingNodesFor: .seconds(60)).run(replacing: true)
            try await eventually("the node has joined") { (try? await second.sandbox("lily")) != nil }
            #expect(try await addresses(of: "rose", second) == before)
        }
        let disturbing = alpha.kernel.writes.dropFirst(writes).filter { write in
            switch write {
            case .change(_, .named("sk-rose")), .deleteNamespace: true
            default: false
            }
        }
        #expect(disturbing.isEmpty)
    }

    @Test func `make a sandbox that a reboot took away again, with its addresses`() async throws {
        let first = try alpha.worker(on: memory)
        let before = try await running(first) {
            _ = try await first.network("multi")
            _ = try await first.sandbox("rose", on: "multi")
            return try await addresses(of: "rose", first)
        }
        try alpha.kernel.deleteNamespace("sk-rose")
        for name in try alpha.kernel.namespaces() { try alpha.kernel.deleteNamespace(name) }
        let second = try alpha.worker(on: memory)
        try await running(second) {
            try await eventually("the sandbox is there again") {
                alpha.kernel.namespace(.named("sk-rose"))?.links["eth0"] != nil
            }
            #expect(try await addresses(of: "rose", second) == before)
        }
    }

    @Test func `free a name for the same node after a crash (lesson 2)`() async throws {
        let first = try alpha.worker(on: memory)
        try await running(first) {
            _ = try await first.network("multi")
            _ = try await first.sandbox("rose", on: "multi")
        }
        let second = try alpha.worker(on: memory)
        try await running(second) {
            try await second.backend.removeSandbox(matching: "rose", force: false)
            _ = try await second.sandbox("rose", on: "multi")
        }
    }

    @Test func `let go of what was reaped while it was away`() async throws {
        let first = try alpha.worker(on: memory)
        try await running(first) {
            _ = try await first.network("multi")
            _ = try await first.network("frontend", driver: "bridge")
            _ = try await first.sandbox("rose", on: "multi", "frontend")
        }
        let entry = try await memory.get(CatalogKeys.node(alpha.node))
        if let lease = entry?.lease { try await memory.revoke(lease) }
        _ = try await catalog(memory).reapNode(alpha.node)
        let second = try alpha.worker(on: memory)
        try await running(second) {
            _ = try await second.sandbox("lily", on: "multi")
            #expect(try await second.backend.sandboxes().map(\.sandbox.name.rawValue) == ["lily"])
            #expect(try await alpha.localStore.list(CatalogKeys.endpoints).entries.isEmpty)
            try await eventually("its namespace goes") { !alpha.hasNamespace("sk-rose") }
        }
    }

    @Test func `finish the removal of a local network that a crash interrupted`() async throws {
        let first = try alpha.worker(on: memory)
        let network = try await running(first) { try await first.network("frontend", driver: "bridge") }
        let key = CatalogKeys.network(network)
        let entry = try #require(try await alpha.localStore.get(key))
        let marked = String(decoding: entry.value, as: UTF8.self).replacing("\"active\"", with: "\"removing\"")
        _ = try await alpha.localStore.commit(
            StoreTransaction([.unchanged(key, since: entry.modified)], then: [.put(key, Array(marked.utf8))]))
        let second = try alpha.worker(on: memory)
        try await running(second) {
            _ = try await second.sandbox("rose")
            #expect(try await alpha.localStore.list(CatalogKeys.networks).entries.isEmpty)
            _ = try await second.network("frontend", driver: "bridge")
        }
    }

    @Test func `leave no endpoint without a sandbox behind (lesson 3)`() async throws {
        let worker = try alpha.worker(on: memory, heartbeat: .seconds(1))
        try await running(worker) {
            _ = try await worker.network("multi")
            _ = try await worker.sandbox("lily", on: "multi")
            // What an attach leaves whose answer was lost, when the sandbox was given up for it.
            var generator = RandomnessGenerator(SeededRandomness(seed: 7))
            let request = AttachRequest(
                endpoint: EndpointID(random: &generator), sandbox: SandboxID(random: &generator), name: try EndpointName("rose"),
                interface: "eth0")
            let catalog = catalog(memory)
            let network = try await catalog.network(matching: "multi")
            _ = try await catalog.attach(request, to: network, as: try await worker.backend.membership.claim())
            try await eventually("it is detached") { try await catalog.endpoints().map(\.record.name.rawValue) == ["lily"] }
        }
    }

    @Test func `keep the container engine's endpoints, with a sandbox or without`() async throws {
        let catalog = catalog(memory)
        let engine = SeededRandomness(seed: 8)
        @Sendable func attach(as claim: NodeClaim) async throws -> CatalogEntry<EndpointRecord> {
            var generator = RandomnessGenerator(engine)
            let endpoint = EndpointID(random: &generator)
            let request = AttachRequest(
                endpoint: endpoint, sandbox: try SandboxID(endpoint.rawValue), kind: .engine, name: try EndpointName(endpoint.short),
                interface: "")
            return try await catalog.attach(request, to: try await catalog.network(matching: "multi"), as: claim)
        }
        let first = try alpha.worker(on: memory)
        let container = try SandboxID(String(repeating: "c", count: 64))
        try await running(first) {
            _ = try await first.network("multi")
            let claim = try await first.backend.scopes.global.claim()
            let endpoints = [try await attach(as: claim), try await attach(as: claim)]
            let sandbox = SandboxRecord(
                id: container, name: try EndpointName("rose"), node: alpha.node, kind: .engine, runtimeID: container.rawValue,
                created: FixedTime().now())
            _ = try await catalog.identify(endpoints[0], as: EndpointIdentity(name: sandbox.name, sandbox: sandbox), by: claim)
        }
        let second = try alpha.worker(on: memory, heartbeat: .seconds(1))
        try await running(second) {
            let stray = AttachRequest(
                endpoint: try EndpointID("57"), sandbox: try SandboxID("57"), name: try EndpointName("stray"), interface: "eth0")
            let network = try await catalog.network(matching: "multi")
            // It is given once everything is adopted.
            let claim = try await second.backend.scopes.global.claim()
            _ = try await catalog.attach(stray, to: network, as: claim)
            try await eventually("orphans are looked for") {
                try await !catalog.endpoints().contains { $0.record.name.rawValue == "stray" }
            }
            let kept = try await catalog.endpoints().map(\.record)
            #expect(kept.map(\.epoch) == [Epoch(2), Epoch(2)])
            #expect(kept.map(\.kind) == [.engine, .engine])
            #expect(try await catalog.sandboxes().map(\.record.id) == [container])
        }
    }

    @Test func `go on after the lease was lost, with the same addresses (lesson 16)`() async throws {
        let worker = try alpha.worker(on: memory, heartbeat: .seconds(1))
        try await running(worker) {
            _ = try await worker.network("multi")
            let before = try await worker.sandbox("rose", on: "multi").attachments.flatMap(\.endpoint.addresses)
            let lost = try #require(try await memory.get(CatalogKeys.node(alpha.node)))
            if let lease = lost.lease { try await memory.revoke(lease) }
            try await eventually("the node has joined again") {
                let record = try await memory.get(CatalogKeys.node(alpha.node))
                return record != nil && record?.lease != lost.lease
            }
            try await eventually("it may write again") { (try? await worker.sandbox("lily", on: "multi")) != nil }
            #expect(try await addresses(of: "rose", worker) == before)
        }
    }

    @Test func `are fenced by a later one`() async throws {
        let first = try alpha.worker(on: memory)
        try await running(first) {
            _ = try await first.network("multi")
            _ = try await first.sandbox("rose")
            let second = try alpha.worker(on: memory)
            try await running(second) {
                _ = try await second.sandbox("lily")
                let refusal = await refusal { try await first.backend.connect("rose", to: "multi", with: AttachmentOptions()) }
                #expect(refusal?.kind == .conflict)
                #expect(refusal?.message.contains("another life of its worker") == true, "\(refusal?.message ?? "none")")
            }
        }
    }

    @Test func `of three hosts with one hostname are three nodes (lesson 13)`() async throws {
        let hosts = [alpha, Host(2), Host(3)]
        let workers = try hosts.map { try $0.worker(on: memory, hostname: "twin") }
        try await running(workers[0], workers[1], workers[2]) {
            _ = try await workers[0].network("multi")
            for (worker, name) in zip(workers, ["a", "b", "c"]) { _ = try await worker.sandbox(name, on: "multi") }
            let nodes = try await workers[0].backend.nodes()
            #expect(nodes.map { $0.record?.hostname } == ["twin", "twin", "twin"])
            #expect(nodes.map(\.endpoints) == [1, 1, 1])
        }
    }
}

/// Lesson 10: the store is away.
@Suite(.timeLimit(.minutes(1))) struct `While the store is away` {
    private let store = AwayStore(InMemoryStore())
    private let alpha = Host(1)

    @Test func `what runs goes on, and a change is refused with the cause`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            _ = try await worker.network("multi")
            let rose = try await worker.sandbox("rose", on: "multi")
            store.leave()
            for change in ["sandbox", "network", "connect"] {
                let refusal = await refusal {
                    switch change {
                    case "sandbox": _ = try await worker.sandbox("lily", on: "multi")
                    case "network": _ = try await worker.network("other")
                    default: try await worker.backend.disconnect("rose", from: "multi", force: false)
                    }
                }
                #expect(refusal?.kind == .unavailable, "\(change)")
                #expect(refusal?.message.contains("192.0.2.9:2379") == true, "\(change): \(refusal?.message ?? "none")")
            }
            #expect(try await worker.backend.sandboxes() == [rose])
            #expect(try await worker.backend.networks().map(\.name) == ["multi"])
            #expect(alpha.hasNamespace("sk-rose"))
            try await eventually("the status tells") { await worker.backend.status().storeFault != nil }
            store.comeBack()
            try await eventually("changes succeed again") { (try? await worker.sandbox("lily", on: "multi")) != nil }
            try await eventually("the status is well") { await worker.backend.status().isHealthy }
        }
    }

    @Test func `an attach to a network that nobody watched is refused and not parked (lesson 17)`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            _ = try await worker.network("multi")
            _ = try await worker.sandbox("rose")
            try await eventually("the mirror knows the network") { await !worker.backend.scopes.global.mirror.networks.isEmpty }
            store.leave()
            let refusal = await refusal { try await worker.backend.connect("rose", to: "multi", with: AttachmentOptions()) }
            #expect(refusal?.kind == .unavailable)
        }
    }

    @Test func `a creation whose answer was lost leaves nothing once it is back`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            _ = try await worker.network("multi")
            let first = try await worker.sandbox("first").sandbox.id
            store.leaveInTheMiddle()
            let refusal = await refusal { _ = try await worker.sandbox("rose", on: "multi") }
            #expect(refusal?.message == "the answer of 192.0.2.9:2379 was lost")
            store.comeBack()
            try await eventually("nothing is left of it") {
                try await store.list(CatalogKeys.sandboxes).entries.map(\.key.segments.last) == [first.rawValue]
            }
            try await eventually("its name is free") { (try? await worker.sandbox("rose", on: "multi")) != nil }
        }
    }

    @Test func `a removal whose answer was lost is done when the store is back`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            _ = try await worker.network("multi")
            _ = try await worker.sandbox("rose", on: "multi")
            store.leaveInTheMiddle()
            #expect(await refusal { try await worker.backend.removeSandbox(matching: "rose", force: false) } != nil)
            #expect(alpha.hasNamespace("sk-rose"))
            store.comeBack()
            try await eventually("its namespace goes") { !alpha.hasNamespace("sk-rose") }
            #expect(try await store.list([CatalogKeys.endpoints, CatalogKeys.sandboxes]).entries.isEmpty)
            #expect(await worker.backend.recovery.losses.isEmpty)
        }
    }

    @Test func `a node that has never joined gives up and names the store`() async throws {
        store.leave()
        let worker = try alpha.worker(on: store, patience: .milliseconds(200))
        let refusal = await refusal { try await ServiceGroup(services: worker.services, logger: quiet).run() }
        #expect(
            refusal?.message.contains("cannot join the cluster at etcd://192.0.2.9:2379/skein") == true, "\(refusal?.message ?? "none")")
        #expect(refusal?.message.contains("connection refused") == true)
    }

    @Test func `a node that has joined before waits, and says so meanwhile`() async throws {
        store.leave()
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            let refusal = await refusal { _ = try await worker.sandbox("rose") }
            #expect(refusal?.kind == .unavailable)
            #expect(refusal?.message.contains("connection refused") == true)
            #expect(await worker.backend.status().storeFault?.contains("connection refused") == true)
            store.comeBack()
            try await eventually("it joins") { (try? await worker.sandbox("rose")) != nil }
        }
    }
}
