import AddressManagement
import DaemonKit
import DriverAPI
import NetworkModel

/// Pools that were given to engines' networks which are not recorded yet: only this node knows of them, and only for a while.
///
/// An engine asks for a pool, then for the gateway and the auxiliary addresses in it, and makes the network last; until then the catalog
/// cannot know.
struct PoolGrants {
    private struct Grant {
        let id: PoolID
        var gateway: IPAddress?
        var auxiliary: Set<IPAddress> = []
        /// Whether the engine has made the network: what it asks for now is for endpoints.
        var isNetworkMade = false
        var ends: Duration
    }

    private var grants: [Subnet: Grant] = [:]

    /// Forgets those whose network is recorded by now, or whose time is up.
    mutating func prune(at now: Duration, recorded: Set<Subnet>) {
        grants = grants.filter { $0.value.ends > now && !recorded.contains($0.key) }
    }

    /// What other networks must keep clear of.
    var pools: [Subnet] { Array(grants.keys) }

    /// Whether a pool was given out under the same id: a call that is repeated gets it again.
    func has(_ id: PoolID) -> Bool { grants[id.pool]?.id == id }

    mutating func give(_ id: PoolID, until end: Duration) {
        if has(id) { grants[id.pool]?.ends = end } else { grants[id.pool] = Grant(id: id, ends: end) }
    }

    /// The network that had it goes, or could not be made.
    mutating func take(back id: PoolID) { grants[id.pool] = nil }

    mutating func networkIsMade(_ pool: Subnet) { grants[pool]?.isNetworkMade = true }

    /// Whether an address that is asked for is one that the network's record will reserve. Engines do not tell that from an endpoint's.
    func isForNetwork(_ id: PoolID) -> Bool { grants[id.pool].map { !$0.isNetworkMade } ?? false }

    /// Chooses the gateway of a pool: the one asked for, or the one that the catalog will choose by itself.
    /// - Throws: when the address is not to be had.
    mutating func gateway(_ wanted: IPAddress?, of id: PoolID, until end: Duration) throws -> IPAddress {
        // Of a worker that was killed since it gave the pool, the next life knows it by the engine's word only.
        if grants[id.pool] == nil { give(id, until: end) }
        if let chosen = grants[id.pool]?.gateway, wanted == nil || wanted == chosen { return chosen }
        let auxiliary = grants[id.pool]?.auxiliary ?? []
        let reserved = auxiliary.map { ($0.description, $0) }
        let subnet = try SubnetRecord(
            pool: id.pool, subPool: id.subPool, gateway: wanted, auxiliary: Dictionary(uniqueKeysWithValues: reserved)
        ).withGateway()
        guard let gateway = subnet.gateway else { throw DaemonError(.exhausted, "pool \(id.pool) has no address for a gateway") }
        grants[id.pool]?.gateway = gateway
        return gateway
    }

    /// Notes an address that the network shall give to nobody.
    mutating func reserve(_ address: IPAddress, of id: PoolID) throws(DaemonError) {
        guard grants[id.pool]?.gateway != address else {
            throw DaemonError(.forbidden, "Address already in use: \(address) is the gateway of pool \(id.pool)")
        }
        grants[id.pool]?.auxiliary.insert(address)
    }

    mutating func release(_ address: IPAddress, of id: PoolID) { grants[id.pool]?.auxiliary.remove(address) }
}
