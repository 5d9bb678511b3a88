import ClusterStore
import NetworkModel
import Synchronization
import TestSupport
import Testing

@testable import ClusterCatalog

/// Lets five workers attach and detach at random over connections that fail, and checks that no address ever had two owners and that what
/// is used is what is live.
func raceWorkers(in scene: Scene, rounds: Int, seed: UInt64) async throws {
    let network = try await scene.network(subnets: "10.9.0.0/24")
    let ledger = Ledger()
    await withTaskGroup { group in
        for worker in 0..<5 {
            let faults = FaultyStore(scene.store, .oneIn(20, SeededRandomness(seed: seed &* 100 &+ UInt64(worker))))
            let connection = scene.through(faults, seed: seed &* 1_000 &+ UInt64(worker))
            group.addTask { await Worker(connection: connection, network: network, number: worker, ledger: ledger).run(rounds: rounds) }
        }
    }
    #expect(ledger.attached > rounds * 5 / 7)
    #expect(ledger.clashes == [])
    #expect(try await scene.catalog.audit().isEmpty)
    try await checkInvariants(scene)
    let endpoints = try await scene.catalog.endpoints().map(\.record)
    #expect(Set(endpoints.flatMap(\.addresses)).count == endpoints.count)
}

/// Who has which address, as the workers were told: no two may have one at any time.
final class Ledger: Sendable {
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
struct Worker {
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
                _ = try? await connection.catalog.detach(victim, as: current)
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
