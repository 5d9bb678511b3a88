import ClusterCatalog
import ClusterStore
import DaemonKit
import EngineAPI
import Logging
import NetworkModel
import ServiceLifecycle
import TestSupport
import Testing
import WorkerAPI

@testable import ControllerService

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A controller over a store in memory, and a node that is there by its record alone.
struct Scene: Sendable {
    let store = InMemoryStore()
    let randomness = SeededRandomness(seed: 3)
    let catalog: ClusterCatalog
    let backend: ControllerBackend

    init() {
        catalog = ClusterCatalog(
            store: store, scope: .global, randomness: randomness, wallTime: FixedTime(), clock: ContinuousClock(), logger: quiet)
        backend = ControllerBackend(
            operations: ClusterOperations(catalog: catalog, randomness: randomness),
            identity: EngineIdentity(
                role: .controller, id: "c", hostname: "c", kernelVersion: "6.1", operatingSystem: "Debian", architecture: "x86_64",
                processors: 1, memory: 1), hub: EventHub(of: [catalog], time: FixedTime()), time: FixedTime())
    }

    func id<Subject>(_: Subject.Type = Subject.self) -> Identifier<Subject> {
        var generator = RandomnessGenerator(randomness)
        return Identifier(random: &generator)
    }

    func join(_ hostname: String) async throws -> NodeClaim {
        let record = NodeRecord(
            id: id(), hostname: hostname, vtep: IPAddress(192, 0, 2, 1), advertise: "192.0.2.1:2376", epoch: Epoch(1), version: "1",
            kernelVersion: "6.1", operatingSystem: "Debian", hostRoutes: [], underlayMTU: 1500, joined: FixedTime().now())
        return try await catalog.join(record, holding: try await store.grantLease(lasting: .seconds(600)))
    }

    func sandbox(_ name: String, on claim: NodeClaim) async throws -> SandboxRecord {
        let sandbox = SandboxRecord(id: id(), name: try EndpointName(name), node: claim.node, created: FixedTime().now())
        try await catalog.putSandbox(sandbox, as: claim)
        return sandbox
    }
}

/// The fault that an operation ends with.
func refusal(of operation: () async throws -> Void) async -> (any Fault)? {
    do {
        try await operation()
        return nil
    } catch {
        return error as? any Fault
    }
}

@Suite(.timeLimit(.minutes(1))) struct `A controller` {
    private let scene = Scene()

    @Test func `takes bridge for the driver that its user did not name`() async throws {
        let id = try await scene.backend.createNetwork(NetworkCreation(name: "multi", driver: "bridge")).id
        let network = try await scene.backend.network(matching: "multi", in: nil).network
        #expect(network.id == id)
        #expect(network.driver == .overlay)
    }

    @Test func `makes and shows no local network`() async throws {
        let refused = await refusal { _ = try await scene.backend.createNetwork(NetworkCreation(name: "mine", scope: .local)) }
        #expect(refused?.kind == .unsupported)
        _ = try await scene.backend.createNetwork(NetworkCreation(name: "multi"))
        #expect(await refusal { _ = try await scene.backend.network(matching: "multi", in: .local) }?.kind == .notFound)
    }

    @Test func `has a sandbox's node connect it, once, and hears its answer`() async throws {
        let claim = try await scene.join("alpha")
        let sandbox = try await scene.sandbox("rose", on: claim)
        let network = try await scene.backend.createNetwork(NetworkCreation(name: "multi")).id
        async let connected: Void = scene.backend.connect("rose", to: "multi", with: AttachmentOptions())
        var requests: [CatalogEntry<RequestRecord>] = []
        try await eventually("the request is there") {
            requests = try await scene.catalog.requests(for: claim.node)
            return !requests.isEmpty
        }
        let request = try #require(requests.first)
        #expect(request.record.verb == .connect)
        #expect(request.record.sandbox == sandbox.id)
        #expect(request.record.network == network)
        let claimed = try #require(try await scene.catalog.claimRequest(request))
        try await scene.catalog.answerRequest(claimed, .done(scene.id()))
        try await connected
        #expect(try await scene.catalog.requests(for: claim.node).isEmpty)
    }

    @Test func `says at once that a sandbox's node is not running`() async throws {
        let claim = try await scene.join("alpha")
        _ = try await scene.sandbox("rose", on: claim)
        _ = try await scene.backend.createNetwork(NetworkCreation(name: "multi"))
        if let lease = claim.lease { try await scene.store.revoke(lease) }
        let refused = await refusal { try await scene.backend.connect("rose", to: "multi", with: AttachmentOptions()) }
        #expect(refused?.kind == .unavailable)
        #expect(refused?.message.contains("is not running: nothing was done") == true)
    }

    @Test func `hears of an unknown sandbox before an unknown network`() async {
        let refused = await refusal { try await scene.backend.connect("nobody", to: "nowhere", with: AttachmentOptions()) }
        #expect(refused?.message == "No such container: nobody")
    }

    @Test func `frees what a dead node held after its grace (lesson 1)`() async throws {
        let claim = try await scene.join("alpha")
        let network = try await scene.catalog.createNetwork(NetworkRequest(name: "multi"))
        let sandbox = try await scene.sandbox("rose", on: claim)
        let request = AttachRequest(endpoint: scene.id(), sandbox: sandbox.id, name: sandbox.name, interface: "eth0")
        _ = try await scene.catalog.attach(request, to: network, as: claim)
        let reaper = Reaper(catalog: scene.catalog, grace: .milliseconds(50), clock: ContinuousClock(), logger: quiet)
        let group = ServiceGroup(services: [reaper], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            #expect(await refusal { try await scene.backend.removeNetwork(matching: "multi") }?.kind == .forbidden)
            if let lease = claim.lease { try await scene.store.revoke(lease) }
            try await eventually("the network can be removed") { (try? await scene.backend.removeNetwork(matching: "multi")) != nil }
            // Sandboxes follow their endpoints in another transaction.
            try await eventually("its sandbox is gone too") { try await scene.catalog.sandboxes().isEmpty }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func `makes an empty store a catalog, and ends for one of a newer version`() async throws {
        let opening = CatalogOpening(catalog: scene.catalog, clock: ContinuousClock(), logger: quiet)
        let group = ServiceGroup(services: [opening], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await eventually("the format is there") { try await scene.store.get(CatalogKeys.format) != nil }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        _ = try await scene.store.commit(StoreTransaction([], then: [.put(CatalogKeys.format, Array("99".utf8))]))
        let refused = await refusal { try await opening.run() }
        #expect(refused?.kind == .unsupported)
        #expect(refused?.message.contains("format 99") == true)
    }
}
