import AddressManagement
import ClusterStore
import NetworkModel

/// The addresses that an attach or a reservation tries: those asked for, or the lowest that seem free, spread out when many ask at once.
struct AddressChoice {
    var network: NetworkRecord
    /// Which of the network's subnets an address is for; nil for one address a family.
    var pool: Subnet?
    let chosen: [IPAddress]
    /// Whether the chosen ones were given out by the catalog before, so that a network whose subnets no user chose may have them.
    var isGranted = false
    /// Tried in this order before any other that is not chosen.
    var preferred: [IPAddress] = []
    /// Addresses that this node has reserved, and what last wrote that: they are taken over.
    var reservations: [IPAddress: StoreRevision] = [:]
    /// Addresses of an endpoint that is taken over: kept when they fit.
    var inherited: Set<IPAddress> = []
    /// What lost races have shown to be taken.
    var taken: AddressSet = []
    /// What was known to be taken before.
    var known: AddressSet
    /// How many transactions have met a taken address.
    var lostRaces = 0

    /// So many times the next lowest address is tried; then others are doing the same, and they had better not all try the same one.
    private static let orderlyTries = 2
    /// The widest spread, in addresses.
    private static let widestSpread = 512

    /// Whether so many ask at once that their tries had better be spread out.
    var isContended: Bool { lostRaces >= Self.orderlyTries }

    private var subnets: [SubnetRecord] {
        pool.map { pool in network.subnets.filter { $0.pool == pool } } ?? network.subnets
    }

    /// One address a family of the network, or one of the pool.
    /// - Throws: ``CatalogError/Code/noAddress``, when what is known leaves none.
    func pick(_ randomness: any Randomness) throws(CatalogError) -> [IPAddress] {
        try checkChosen()
        var result: [IPAddress] = []
        for family in IPFamily.allCases {
            let subnets = subnets.filter { $0.pool.family == family }
            guard !subnets.isEmpty else { continue }
            if let address = chosen.first(where: { $0.family == family }) {
                result.append(address)
            } else if let address = kept(in: subnets) ?? preferred(in: subnets) ?? free(in: subnets, randomness) {
                result.append(address)
            } else {
                throw noAddress(family)
            }
        }
        return result
    }

    private func kept(in subnets: [SubnetRecord]) -> IPAddress? {
        inherited.first { Self.isUsable($0, in: subnets) }
    }

    private func preferred(in subnets: [SubnetRecord]) -> IPAddress? {
        preferred.first { !isTaken($0) && Self.isUsable($0, in: subnets) }
    }

    private func isTaken(_ address: IPAddress) -> Bool { taken.contains(address) || known.contains(address) }

    private static func isUsable(_ address: IPAddress, in subnets: [SubnetRecord]) -> Bool {
        subnets.lazy.map(UsableAddresses.init).contains { $0.covers(address) && !$0.isReserved(address) }
    }

    /// Later subnets serve when the earlier ones are full, as in Docker.
    private func free(in subnets: [SubnetRecord], _ randomness: any Randomness) -> IPAddress? {
        let spread = isContended ? min(8 << min(lostRaces - Self.orderlyTries, 6), Self.widestSpread) : 1
        let all = taken.isEmpty ? known : known.union(taken)
        for subnet in subnets {
            let free = UsableAddresses(subnet).lowestFree(spread, besides: all)
            if !free.isEmpty { return free[Int(randomness.next() % UInt64(free.count))] }
        }
        return nil
    }

    private func noAddress(_ family: IPFamily) -> CatalogError {
        let name = family == .v4 ? "IPv4" : "IPv6"
        return CatalogError(
            .noAddress, "no available \(name) addresses on this network's address pools: \(network.name) (\(network.id))")
    }

    private func checkChosen() throws(CatalogError) {
        guard Set(chosen.map(\.family)).count == chosen.count else {
            throw CatalogError(.invalid, "more than one address of a family: \(chosen.map(\.description).joined(separator: ", "))")
        }
        for address in chosen {
            let subnets = subnets.filter { ($0.isUserDefined || isGranted) && $0.pool.family == address.family }
            guard isGranted || !subnets.isEmpty else {
                throw CatalogError(
                    .invalid,
                    "user specified IP address is supported only when connecting to networks with user configured subnets")
            }
            // An ip-range says where addresses are taken from, and leaves the rest of the subnet to those who choose.
            guard let subnet = subnets.first(where: { $0.pool.contains(address) }).map(UsableAddresses.init) else {
                throw CatalogError(.invalid, "no configured subnet or ip-range contain the IP address \(address)")
            }
            guard !subnet.isReserved(address) else { throw CatalogError(.addressTaken, "Address already in use: \(address)") }
        }
    }
}
