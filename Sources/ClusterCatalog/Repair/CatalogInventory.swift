import ClusterStore
import NetworkModel

/// The whole catalog at one revision, and what in it has no owner.
struct CatalogInventory {
    /// A key whose owner does not exist, or has begun another life.
    struct Orphan {
        let key: StoreKey
        let revision: StoreRevision
        let owner: StoreKey
        /// Whether the owner is there, and made the key in an earlier life.
        let isOfEarlierLife: Bool
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
        let epochs = Self.epochs(in: snapshot)
        for entry in snapshot.entries {
            note(entry)
            guard let owners = try? Self.owners(of: entry, scope: scope) else { continue }
            if let absent = owners.first(where: { !present.contains($0) }) {
                orphans.append(Orphan(key: entry.key, revision: entry.modified, owner: absent, isOfEarlierLife: false))
            } else if let reservation = Self.reservation(entry), let epoch = epochs[reservation.node], reservation.epoch < epoch {
                let owner = CatalogKeys.node(reservation.node)
                orphans.append(Orphan(key: entry.key, revision: entry.modified, owner: owner, isOfEarlierLife: true))
            }
        }
    }

    /// In which life each node is. It never goes back, so what is of an earlier one stays so.
    private static func epochs(in snapshot: StoreSnapshot) -> [NodeID: Epoch] {
        let nodes = snapshot.entries.filter { $0.key.hasPrefix(CatalogKeys.nodes) }.compactMap { try? CatalogEntry<NodeRecord>($0).record }
        return Dictionary(nodes.map { ($0.id, $0.epoch) }, uniquingKeysWith: max)
    }

    private static func reservation(_ entry: StoreEntry) -> (node: NodeID, epoch: Epoch)? {
        guard entry.key.hasPrefix(CatalogKeys.addresses),
            case .reserved(let node, let epoch, _) = try? RecordCoding.decode(AddressRecord.self, from: entry)
        else { return nil }
        return (node, epoch)
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

    /// The keys without which an entry means nothing; none for what stands by itself.
    private static func owners(of entry: StoreEntry, scope: NetworkScope) throws(CatalogError) -> [StoreKey] {
        let segments = entry.key.segments
        switch (segments.first, segments.count) {
        case ("network-names", 2), ("vnis", 2), ("pools", 3):
            guard segments[1] == scope.rawValue || segments.count == 2 else { return [] }
            return [CatalogKeys.network(try RecordCoding.decode(NetworkID.self, from: entry))]
        case ("endpoints", 3):
            return NetworkID(lenient: segments[1]).map { [CatalogKeys.network($0)] } ?? []
        case ("names", 3):
            let endpoint = try RecordCoding.decode(EndpointID.self, from: entry)
            return NetworkID(lenient: segments[1]).map { [CatalogKeys.endpoint(endpoint, of: $0)] } ?? []
        case ("node-endpoints", 3):
            let network = try RecordCoding.decode(NetworkID.self, from: entry)
            return EndpointID(lenient: segments[2]).map { [CatalogKeys.endpoint($0, of: network)] } ?? []
        case ("addresses", 3):
            return try addressOwners(entry, segments[1])
        default:
            return []
        }
    }

    private static func addressOwners(_ entry: StoreEntry, _ network: String) throws(CatalogError) -> [StoreKey] {
        guard let network = NetworkID(lenient: network) else { return [] }
        switch try RecordCoding.decode(AddressRecord.self, from: entry) {
        case .endpoint(let endpoint): return [CatalogKeys.endpoint(endpoint, of: network)]
        case .gateway, .auxiliary: return [CatalogKeys.network(network)]
        case .reserved(let node, _, _): return [CatalogKeys.network(network), CatalogKeys.node(node)]
        }
    }
}
