import ClusterStore
import NetworkModel
import Testing

@testable import ClusterCatalog

/// What holds of endpoints and their claims, whatever failed before.
func checkInvariants(_ scene: Scene, sourceLocation: SourceLocation = #_sourceLocation) async throws {
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
    let promised = try await reservations(in: scene).map(\.path)
    let live = endpoints.flatMap(\.keys).map(\.path) + reserved + claimed.map(\.path) + promised
    #expect(Set(live).count == live.count, "no key has two owners", sourceLocation: sourceLocation)
    let all = try await scene.keys().filter { !$0.hasPrefix("nodes/") && !$0.hasPrefix("sandboxes/") }
    #expect(Set(all) == Set(live), "used = live", sourceLocation: sourceLocation)
}

/// The addresses that nodes of the present have reserved.
private func reservations(in scene: Scene) async throws -> [StoreKey] {
    let epochs = try await scene.catalog.nodes().map { ($0.record.id, $0.record.epoch) }
    return try await scene.store.list(CatalogKeys.addresses).entries.filter { entry in
        guard case .reserved(let node, let epoch, _) = try RecordCoding.decode(AddressRecord.self, from: entry) else { return false }
        return epochs.contains { $0 == (node, epoch) }
    }.map(\.key)
}
