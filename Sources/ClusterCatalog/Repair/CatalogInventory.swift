import ClusterStore
import NetworkModel

/// The whole catalog at one revision, and what in it has no owner.
struct CatalogInventory {
    /// A key whose owner does not exist.
    struct Orphan {
        let key: StoreKey
        let revision: StoreRevision
        /// The key of the owner that is not there.
        let owner: StoreKey
    }

    static let prefixes = [
        CatalogKeys.nodes, CatalogKeys.networks, CatalogKeys.networkNames, CatalogKeys.vnis, CatalogKeys.pools, CatalogKeys.addresses,
        CatalogKeys.endpoints, CatalogKeys.names, CatalogKeys.nodeEndpoints,
    ]

    private(set) var orphans: [Orphan] = []
    /// Networks that are marked as being removed: an audit finds one only when its remover died, or is about to go on.
    private(set) var halfRemoved: [CatalogEntry<NetworkRecord>] = []
    private var used: Set<NetworkID> = []

    /// Values that cannot be read are left alone: a newer version may have written them.
    init(_ snapshot: StoreSnapshot, scope: NetworkScope) {
        let present = Set(snapshot.entries.map(\.key))
        for entry in snapshot.entries {
            note(entry)
            guard let owner = try? Self.owner(of: entry, scope: scope), !present.contains(owner) else { continue }
            orphans.append(Orphan(key: entry.key, revision: entry.modified, owner: owner))
        }
    }

    func isUsed(_ network: NetworkID) -> Bool { used.contains(network) }

    private mutating func note(_ entry: StoreEntry) {
        if entry.key.hasPrefix(CatalogKeys.endpoints), let network = NetworkID(lenient: entry.key.segments.dropFirst().first ?? "") {
            used.insert(network)
        } else if entry.key.hasPrefix(CatalogKeys.networks), let network = try? CatalogEntry<NetworkRecord>(entry),
            network.record.state == .removing
        {
            halfRemoved.append(network)
        }
    }

    /// The key without which an entry means nothing; nil for what stands by itself.
    private static func owner(of entry: StoreEntry, scope: NetworkScope) throws(CatalogError) -> StoreKey? {
        let segments = entry.key.segments
        switch (segments.first, segments.count) {
        case ("network-names", 2), ("vnis", 2), ("pools", 3):
            guard segments[1] == scope.rawValue || segments.count == 2 else { return nil }
            return CatalogKeys.network(try RecordCoding.decode(NetworkID.self, from: entry))
        case ("endpoints", 3):
            return NetworkID(lenient: segments[1]).map(CatalogKeys.network)
        case ("names", 3):
            let endpoint = try RecordCoding.decode(EndpointID.self, from: entry)
            return NetworkID(lenient: segments[1]).map { CatalogKeys.endpoint(endpoint, of: $0) }
        case ("node-endpoints", 3):
            let network = try RecordCoding.decode(NetworkID.self, from: entry)
            return EndpointID(lenient: segments[2]).map { CatalogKeys.endpoint($0, of: network) }
        case ("addresses", 3):
            return try addressOwner(entry, segments[1])
        default:
            return nil
        }
    }

    private static func addressOwner(_ entry: StoreEntry, _ network: String) throws(CatalogError) -> StoreKey? {
        guard let network = NetworkID(lenient: network) else { return nil }
        switch try RecordCoding.decode(AddressRecord.self, from: entry) {
        case .endpoint(let endpoint): return CatalogKeys.endpoint(endpoint, of: network)
        case .gateway, .auxiliary: return CatalogKeys.network(network)
        case .reserved(let node, _): return CatalogKeys.node(node)
        }
    }
}
