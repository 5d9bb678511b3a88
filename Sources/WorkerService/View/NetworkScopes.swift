import ClusterCatalog
import DaemonKit
import NetworkModel

/// The catalogs that a worker writes to: the cluster's, and the one that this host keeps for its local networks.
struct ScopedCatalog: Sendable {
    let catalog: ClusterCatalog
    let mirror: ScopeMirror
    /// What lets this node write there.
    let claim: @Sendable () async throws -> NodeClaim
}

/// Finds networks and claims in both.
struct NetworkScopes: Sendable {
    let global: ScopedCatalog
    let local: ScopedCatalog

    subscript(_ scope: NetworkScope) -> ScopedCatalog { scope == .local ? local : global }

    /// A network by Docker's lookup, in the mirrors first and then in the stores: a network that another host made a moment ago may
    /// not have reached the mirror.
    func network(matching term: String, in scope: NetworkScope? = nil) async throws -> CatalogEntry<NetworkRecord> {
        var known: [CatalogEntry<NetworkRecord>] = []
        if scope != .local { known += await global.mirror.networks }
        if scope != .global { known += await local.mirror.networks }
        if let found = try Self.find(term, in: known) { return found }
        if scope != .global, let found = try? await local.catalog.network(matching: term) { return found }
        guard scope != .local else { return try await local.catalog.network(matching: term) }
        return try await global.catalog.network(matching: term)
    }

    /// All networks that the mirrors know.
    var networksByID: [NetworkID: NetworkRecord] {
        get async {
            let known = await global.mirror.networks + local.mirror.networks
            return Dictionary(known.map { ($0.record.id, $0.record) }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// Docker's order: whole id, whole name, unique prefix of an id.
    static func find(_ term: String, in networks: [CatalogEntry<NetworkRecord>]) throws -> CatalogEntry<NetworkRecord>? {
        if let exact = networks.first(where: { $0.record.id.rawValue == term }) { return exact }
        let named = networks.filter { $0.record.name == term }
        let found = named.isEmpty ? networks.filter { !term.isEmpty && $0.record.id.rawValue.hasPrefix(term) } : named
        guard found.count <= 1 else {
            let how = named.isEmpty ? "ID prefix" : "name"
            throw DaemonError(.invalid, "network \(term) is ambiguous (\(found.count) matches found based on \(how))")
        }
        return found.first
    }
}
