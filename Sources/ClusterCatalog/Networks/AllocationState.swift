import AddressManagement
import ClusterStore
import NetworkModel

/// What a new network must not collide with, as it was at one revision.
struct AllocationState {
    /// The entry that holds the generation of the space's pools; nil before the first pool.
    private(set) var generation: StoreEntry?
    private(set) var nameHolder: NetworkID?
    private var pools: [Subnet] = []
    private var vnis: Set<UInt32> = []
    private var routes: [HostRoute] = []

    static func prefixes(for name: String, scope: NetworkScope) -> [StoreKey] {
        let common = [CatalogKeys.networkName(name), CatalogKeys.poolGeneration(scope)]
        return scope == .global ? common + [CatalogKeys.vnis, CatalogKeys.nodes] : common
    }

    init(_ snapshot: StoreSnapshot, name: String, scope: NetworkScope, hosts: [NodeRecord]) throws(CatalogError) {
        routes = hosts.flatMap(Self.routes(of:))
        for entry in snapshot.entries {
            if entry.key == CatalogKeys.networkName(name) {
                nameHolder = try RecordCoding.decode(NetworkID.self, from: entry)
            } else if entry.key == CatalogKeys.poolGeneration(scope) {
                generation = entry
            } else if entry.key.hasPrefix(CatalogKeys.pools(scope)), let pool = try? Subnet(entry.key.lastSegment ?? "") {
                pools.append(pool)
            } else if entry.key.hasPrefix(CatalogKeys.vnis), let vni = UInt32(entry.key.lastSegment ?? "") {
                vnis.insert(vni)
            } else if entry.key.hasPrefix(CatalogKeys.nodes) {
                routes += Self.routes(of: try RecordCoding.decode(NodeRecord.self, from: entry))
            }
        }
    }

    private static func routes(of node: NodeRecord) -> [HostRoute] {
        node.hostRoutes.map { HostRoute(destination: $0, host: "\(node.hostname) (\(node.id.short))") }
    }

    var poolRegister: PoolRegister { PoolRegister(used: pools, routes: routes) }

    func has(_ vni: VNI) -> Bool { vnis.contains(vni.rawValue) }

    func hasOverlap(with pool: Subnet) -> Bool { pools.contains { $0.overlaps(pool) } }

    /// The VNI the user chose, or the lowest that is free.
    func vni(_ chosen: VNI?) throws(CatalogError) -> VNI {
        if let chosen {
            guard !vnis.contains(chosen.rawValue) else {
                throw CatalogError(.vniTaken, "VNI \(chosen) is already used by another network")
            }
            return chosen
        }
        guard let free = VNI.allocatable.first(where: { !vnis.contains($0) }), let vni = try? VNI(free) else {
            throw CatalogError(.noVNI, "no VNI is free: all from \(VNI.allocatable.lowerBound) to \(VNI.allocatable.upperBound) are in use")
        }
        return vni
    }
}
