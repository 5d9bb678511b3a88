import ClusterStore
import NetworkModel
import TestSupport
import Testing

@testable import ClusterCatalog

/// Lets the engines of five hosts start, rename and stop containers at random over connections that fail, and checks that no address ever had
/// two owners and that what is used is what is live.
func raceEngines(in scene: Scene, rounds: Int, seed: UInt64) async throws {
    let network = try await scene.network(subnets: "10.9.0.0/24")
    let ledger = Ledger()
    await withTaskGroup { group in
        for host in 0..<5 {
            let faults = FaultyStore(scene.store, .oneIn(20, SeededRandomness(seed: seed &* 100 &+ UInt64(host))))
            let connection = scene.through(faults, seed: seed &* 1_000 &+ UInt64(host))
            group.addTask { await RacingEngine(connection: connection, network: network, number: host, ledger: ledger).run(rounds: rounds) }
        }
    }
    #expect(ledger.attached > rounds * 5 / 7)
    #expect(ledger.clashes == [])
    // Leases of earlier lives end by themselves; here the audit is faster.
    _ = try await scene.catalog.audit()
    try await checkInvariants(scene)
    let endpoints = try await scene.catalog.endpoints().map(\.record)
    #expect(Set(endpoints.flatMap(\.addresses)).count == endpoints.count)
    for node in try await scene.catalog.nodes().map(\.record.id) {
        let lease = try await scene.store.get(CatalogKeys.node(node))?.lease
        if let lease { try await scene.store.revoke(lease) }
        _ = try await scene.catalog.reapNode(node)
    }
    _ = try await scene.catalog.audit()
    try await scene.catalog.removeNetwork(network.record.id)
    #expect(try await scene.keys() == [])
}

/// An engine with its worker, which is killed now and then and starts again in a new epoch.
private struct RacingEngine {
    /// The store through a connection that fails.
    let connection: Scene
    let network: CatalogEntry<NetworkRecord>
    let number: Int
    let ledger: Ledger

    /// What the engine knows of a container that runs.
    private struct Container {
        let id: SandboxID
        var endpoint: CatalogEntry<EndpointRecord>
    }

    func run(rounds: Int) async {
        let node: NodeID = connection.id()
        var epoch: UInt64 = 0
        var claim: NodeClaim?
        var running: [Container] = []
        for _ in 0..<rounds {
            guard let current = claim, draw(100) != 0 else {
                for container in running { ledger.detaching(container.endpoint.record) }
                epoch += 1
                claim = try? await connection.join("e\(number)", id: node, epoch: epoch)
                running = await takeBack(node, as: claim)
                continue
            }
            switch draw(6) {
            case 0...2 where running.count < 40:
                if let container = await start(as: current) { running.append(container) }
            case 3 where !running.isEmpty:
                let index = draw(running.count)
                running[index].endpoint = await name(running[index], as: current)
            default:
                guard !running.isEmpty else { continue }
                await stop(running.remove(at: draw(running.count)), as: current)
            }
        }
    }

    private func draw(_ bound: Int) -> Int { Int(connection.randomness.next() % UInt64(bound)) }

    private func takeBack(_ node: NodeID, as claim: NodeClaim?) async -> [Container] {
        guard let claim, let found = try? await connection.catalog.endpoints(on: node),
            let held = try? await connection.catalog.adopt(found, as: claim)
        else { return [] }
        for endpoint in held { ledger.attached(endpoint.record, number) }
        return held.map { Container(id: $0.record.sandbox, endpoint: $0) }
    }

    /// RequestAddress, CreateEndpoint, and at times neither the one nor the other comes to its end.
    private func start(as claim: NodeClaim) async -> Container? {
        let chosen = draw(4) == 0 ? "10.9.0.\(2 + draw(60))" : nil
        let id: ReservationID = connection.id()
        guard let reserved = try? await connection.reserve(chosen, of: network, as: claim, knowing: [], id: id) else {
            try? await connection.catalog.releaseReservation(id, of: network.record.id, as: claim)
            return nil
        }
        guard draw(10) != 0, var request = try? connection.engineRequest(reserved) else {
            // A failure leaves the reservation to the lease.
            try? await connection.catalog.releaseReservation(
                reserved.address, of: network.record.id, as: claim, madeAt: draw(2) == 0 ? reserved.revision : nil)
            return nil
        }
        if draw(3) == 0 { request.reservations = [:] }
        guard let endpoint = try? await connection.catalog.attach(request, to: network, as: claim, knowing: []) else {
            return nil
        }
        ledger.attached(endpoint.record, number)
        let container = Container(id: connection.id(), endpoint: endpoint)
        return Container(id: container.id, endpoint: await name(container, as: claim))
    }

    /// The endpoint as it is known afterwards. Names are shared by all hosts, so that many are refused.
    private func name(_ container: Container, as claim: NodeClaim) async -> CatalogEntry<EndpointRecord> {
        guard let identity = try? connection.identity("c\(draw(80))", of: container.id, on: claim.node),
            let identified = try? await connection.catalog.identify(container.endpoint, as: identity, by: claim)
        else { return container.endpoint }
        return identified
    }

    /// A failed detach is found again after the next start.
    private func stop(_ container: Container, as claim: NodeClaim) async {
        ledger.detaching(container.endpoint.record)
        _ = try? await connection.catalog.removeSandbox(container.id, with: [container.endpoint], as: claim)
    }
}
