import ClusterStore
import NetworkModel
import TestSupport
import Testing

@testable import ClusterCatalog

@Suite struct FaultTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `5 workers race 10,000 attaches and detaches under faults, lesson 4`(seed: UInt64) async throws {
        try await raceWorkers(in: Scene(seed: seed), rounds: 700, seed: seed)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `engines race thousands of reservations, attaches and identities under faults, lessons 3 and 4`(seed: UInt64) async throws {
        try await raceEngines(in: Scene(seed: seed), rounds: 400, seed: seed)
    }

    @Test func `a crash at every step of a container's life leaves nothing behind once its node is gone, lesson 3`() async throws {
        try await crashAtEveryStep { scene, connection, claim in
            let network = try await scene.network("n", ipv6: true)
            var reserved: [ReservedAddress] = []
            for subnet in network.record.subnets {
                reserved.append(
                    try await connection.catalog.reserveAddress(in: subnet, of: network, as: claim, knowing: []))
            }
            let endpoint = try await connection.catalog.attach(
                try scene.engineRequest(reserved[0], reserved[1]), to: network, as: claim, knowing: [])
            let identity = try scene.identity("c", on: claim.node)
            let identified = try await connection.catalog.identify(endpoint, as: identity, by: claim)
            try await connection.catalog.removeSandbox(identity.sandbox.id, with: [identified], as: claim)
        }
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
