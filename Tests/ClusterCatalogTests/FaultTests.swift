import ClusterStore
import NetworkModel
import Synchronization
import TestSupport
import Testing

@testable import ClusterCatalog

/// What holds of endpoints and their claims, whatever failed before.
private func checkInvariants(_ scene: Scene, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let endpoints = try await scene.catalog.endpoints().map(\.record)
    let networks = try await scene.catalog.networks().map(\.record)
    let reserved = networks.flatMap { network in
        network.subnets.flatMap { [$0.gateway].compactMap(\.self) + $0.auxiliary.values }
            .map { CatalogKeys.address($0, of: network.id).path }
    }
    let claimed = networks.flatMap { network in
        [CatalogKeys.network(network.id), CatalogKeys.networkName(network.name)] + (network.vni.map { [CatalogKeys.vni($0)] } ?? [])
            + network.subnets.map { CatalogKeys.pool($0.pool, in: scene.catalog.scope) }
    }
    let live = endpoints.flatMap(\.keys).map(\.path) + reserved + claimed.map(\.path)
    #expect(Set(live).count == live.count, "no key has two owners", sourceLocation: sourceLocation)
    let all = try await scene.keys().filter { !$0.hasPrefix("nodes/") && !$0.hasPrefix("sandboxes/") }
    #expect(Set(all) == Set(live), "used = live", sourceLocation: sourceLocation)
}

@Suite struct FaultTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `5 workers race 10,000 attaches and detaches under faults, lesson 4`(seed: UInt64) async throws {
        let scene = Scene(seed: seed)
        let network = try await scene.network(subnets: "10.9.0.0/24")
        let ledger = Ledger()
        await withTaskGroup { group in
            for worker in 0..<5 {
                let faults = FaultyStore(scene.store, .oneIn(20, SeededRandomness(seed: seed &* 100 &+ UInt64(worker))))
                let connection = scene.through(faults, seed: seed &* 1_000 &+ UInt64(worker))
                group.addTask { await Worker(connection: connection, network: network, number: worker, ledger: ledger).run(rounds: 700) }
            }
        }
        #expect(ledger.attached > 500)
        #expect(ledger.clashes == [])
        #expect(try await scene.catalog.audit().isEmpty)
        try await checkInvariants(scene)
        let endpoints = try await scene.catalog.endpoints().map(\.record)
        #expect(Set(endpoints.flatMap(\.addresses)).count == endpoints.count)
    }

    @Test func `a crash at every step of a network's life leaves nothing that the audit does not free, lesson 3`() async throws {
        try await crashAtEveryStep { scene, connection, claim in
            let network = try await connection.network("n", ipv6: true)
            let endpoint = try await connection.attach("web", to: network, as: claim)
            try await connection.catalog.detach(endpoint, as: claim)
            try await connection.catalog.removeNetwork(network.record.id)
        }
    }

    @Test func `a crash at every step of a sandbox's end leaves nothing behind once its node is reaped, lesson 3`() async throws {
        try await crashAtEveryStep { scene, connection, claim in
            let network = try await scene.network("n")
            let sandbox = SandboxRecord(id: scene.id(), name: try EndpointName("s"), node: claim.node, created: FixedTime().now())
            try await connection.catalog.putSandbox(sandbox, as: claim)
            let endpoint = try await connection.catalog.attach(try scene.request("s", sandbox: sandbox.id), to: network, as: claim)
            try await connection.catalog.removeSandbox(sandbox.id, with: [endpoint], as: claim)
        }
    }

    @Test func `a reaper that dies at any step is followed by another`() async throws {
        for step in 0..<40 {
            let scene = Scene()
            let network = try await scene.network()
            let dead = try await scene.join()
            for number in 0..<20 { _ = try await scene.attach("c\(number)", to: network, as: dead) }
            try await scene.kill(dead)
            let dying = scene.through(FaultyStore(scene.store, .dieAfter(step)))
            let finished = await refusal { _ = try await dying.catalog.reapNode(dead.node) } == nil
            try await checkInvariants(scene)
            _ = try await scene.catalog.reapNode(dead.node)
            #expect(try await scene.catalog.endpoints().isEmpty)
            if finished { return }
        }
        Issue.record("the reaper never finished")
    }

    /// Runs a life with a connection that dies after 0, 1, 2 … operations; each time the audit and the reaper must leave nothing.
    private func crashAtEveryStep(
        _ life: (_ scene: Scene, _ connection: Scene, _ claim: NodeClaim) async throws -> Void
    ) async throws {
        for step in 0..<40 {
            let scene = Scene(seed: UInt64(step))
            let claim = try await scene.join()
            let connection = scene.through(FaultyStore(scene.store, .dieAfter(step)), seed: UInt64(step) + 1_000)
            let finished = await refusal { try await life(scene, connection, claim) } == nil
            _ = try await scene.catalog.audit()
            try await checkInvariants(scene)
            try await scene.kill(claim)
            _ = try await scene.catalog.reapNode(claim.node)
            for network in try await scene.catalog.networks() { try await scene.catalog.removeNetwork(network.record.id) }
            #expect(try await scene.keys() == [])
            if finished { return }
        }
        Issue.record("the life never came to its end")
    }
}

/// Who has which address, as the workers were told: no two may have one at any time.
private final class Ledger: Sendable {
    private struct State {
        var owners: [IPAddress: Int] = [:]
        var clashes: [IPAddress] = []
        var attached = 0
    }

    private let state = Mutex(State())

    var clashes: [IPAddress] { state.withLock { $0.clashes } }
    var attached: Int { state.withLock { $0.attached } }

    func attached(_ endpoint: EndpointRecord, _ worker: Int) {
        state.withLock { state in
            for address in endpoint.addresses {
                if state.owners.updateValue(worker, forKey: address) != nil { state.clashes.append(address) }
            }
            state.attached += 1
        }
    }

    /// Said before an endpoint is detached: from then on another worker may have its address.
    func detaching(_ endpoint: EndpointRecord) {
        state.withLock { state in
            for address in endpoint.addresses { state.owners[address] = nil }
        }
    }
}

/// A worker that attaches and detaches at random, is killed now and then, and starts again in a new epoch.
private struct Worker {
    /// The store through a connection that fails.
    let connection: Scene
    let network: CatalogEntry<NetworkRecord>
    let number: Int
    let ledger: Ledger

    func run(rounds: Int) async {
        let node: NodeID = connection.id()
        var epoch: UInt64 = 0
        var claim: NodeClaim?
        var held: [CatalogEntry<EndpointRecord>] = []
        for _ in 0..<rounds {
            guard let current = claim, connection.randomness.next() % 100 != 0 else {
                for endpoint in held { ledger.detaching(endpoint.record) }
                epoch += 1
                claim = try? await connection.join("w\(number)", id: node, epoch: epoch)
                held = await takeBack(node, as: claim)
                continue
            }
            if held.count < 40, connection.randomness.next() % 2 == 0 {
                if let endpoint = await attach(as: current) { held.append(endpoint) }
            } else if !held.isEmpty {
                let victim = held.remove(at: Int(connection.randomness.next() % UInt64(held.count)))
                ledger.detaching(victim.record)
                // A failed detach is found again after the next start.
                try? await connection.catalog.detach(victim, as: current)
            }
        }
    }

    /// What the worker held when it was killed is found again in the store.
    private func takeBack(_ node: NodeID, as claim: NodeClaim?) async -> [CatalogEntry<EndpointRecord>] {
        guard let claim, let found = try? await connection.catalog.endpoints(on: node),
            let held = try? await connection.catalog.adopt(found, as: claim)
        else { return [] }
        for endpoint in held { ledger.attached(endpoint.record, number) }
        return held
    }

    private func attach(as claim: NodeClaim) async -> CatalogEntry<EndpointRecord>? {
        let name = "w\(number)-\(connection.randomness.next() % 60)"
        guard let endpoint = try? await connection.attach(name, to: network, as: claim) else { return nil }
        ledger.attached(endpoint.record, number)
        return endpoint
    }
}
