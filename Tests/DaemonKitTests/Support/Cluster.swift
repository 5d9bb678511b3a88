import ClusterCatalog
import ClusterStore
import DaemonKit
import Logging
import NetworkModel
import TestSupport

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A catalog in memory with short ways to put things into it.
struct Cluster: Sendable {
    let store = InMemoryStore()
    let randomness = SeededRandomness(seed: 7)
    let catalog: ClusterCatalog

    init() {
        catalog = ClusterCatalog(
            store: store, scope: .global, randomness: randomness, wallTime: FixedTime(), clock: ContinuousClock(), logger: quiet)
    }

    var operations: ClusterOperations { ClusterOperations(catalog: catalog, randomness: randomness) }

    func id<Subject>(_: Subject.Type = Subject.self) -> Identifier<Subject> {
        var generator = RandomnessGenerator(randomness)
        return Identifier(random: &generator)
    }

    func join(_ hostname: String) async throws -> NodeClaim {
        let record = NodeRecord(
            id: id(), hostname: hostname, vtep: IPAddress(192, 0, 2, 1), advertise: "192.0.2.1:2376", epoch: Epoch(1), version: "1",
            kernelVersion: "6.1", operatingSystem: "Debian", underlayMTU: 1500, joined: FixedTime().now())
        return try await catalog.join(record, holding: try await store.grantLease(lasting: .seconds(600)))
    }

    func network(_ name: String) async throws -> CatalogEntry<NetworkRecord> {
        try await catalog.createNetwork(NetworkRequest(name: name))
    }

    /// A sandbox with one endpoint.
    func sandbox(_ name: String, on network: CatalogEntry<NetworkRecord>, as claim: NodeClaim) async throws -> SandboxRecord {
        let sandbox = SandboxRecord(id: id(), name: try EndpointName(name), node: claim.node, created: FixedTime().now())
        try await catalog.putSandbox(sandbox, as: claim)
        let request = AttachRequest(endpoint: id(), sandbox: sandbox.id, name: sandbox.name, interface: "eth0")
        _ = try await catalog.attach(request, to: network, as: claim)
        return sandbox
    }

    func kill(_ claim: NodeClaim) async throws {
        if let lease = claim.lease { try await store.revoke(lease) }
    }
}
