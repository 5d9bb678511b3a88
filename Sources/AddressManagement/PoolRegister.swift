public import NetworkModel

/// A destination that a host routes itself, and so cannot reach inside a network (lesson 26).
public struct HostRoute: Hashable, Sendable {
    public let destination: Subnet
    /// The host as its users know it, for messages.
    public let host: String

    public init(destination: Subnet, host: String) {
        self.destination = destination
        self.host = host
    }

    /// A default route leads everywhere and is in no pool's way.
    var isDefault: Bool { destination.prefixLength == 0 }
}

/// The pools of one address space, and the routes that new ones keep clear of.
public struct PoolRegister: Sendable {
    private var used: [Subnet]
    private let routes: [HostRoute]

    public init(used: [Subnet], routes: [HostRoute] = []) {
        self.used = used
        self.routes = routes.filter { !$0.isDefault }
    }

    /// Takes a pool that a user chose.
    /// - Throws: ``AddressError/Code/overlap``, naming the route and its host if it is one that is in the way.
    public mutating func claim(_ pool: Subnet) throws(AddressError) {
        guard !used.contains(where: pool.overlaps) else {
            throw AddressError(.overlap, "invalid pool request: Pool overlaps with other one on this address space")
        }
        if let route = routes.first(where: { pool.overlaps($0.destination) }) {
            throw AddressError(
                .overlap, "invalid pool request: \(pool) overlaps with the route \(route.destination) of host \(route.host)")
        }
        used.append(pool)
    }

    /// Takes the first free pool of the supplies, in their order.
    /// - Throws: ``AddressError/Code/noPool``, naming a route that is in the way if without it there would be one.
    public mutating func claimFirst(of supplies: [PoolSupply]) throws(AddressError) -> Subnet {
        guard let pool = Self.firstFree(in: supplies, besides: used + routes.map(\.destination)) else {
            throw exhausted(supplies)
        }
        used.append(pool)
        return pool
    }

    private func exhausted(_ supplies: [PoolSupply]) -> AddressError {
        let message = "all predefined address pools have been fully subnetted"
        guard let lost = Self.firstFree(in: supplies, besides: used),
            let route = routes.first(where: { lost.overlaps($0.destination) })
        else { return AddressError(.noPool, message) }
        return AddressError(
            .noPool, "\(message) or are routed: \(lost) overlaps with the route \(route.destination) of host \(route.host); choose a subnet"
        )
    }

    private static func firstFree(in supplies: [PoolSupply], besides taken: [Subnet]) -> Subnet? {
        let sorted = taken.sorted()
        return supplies.lazy.compactMap { firstFree(in: $0, besides: sorted) }.first
    }

    /// Walks the taken subnets in ascending order and steps over each that reaches the candidate: n log n in all.
    private static func firstFree(in supply: PoolSupply, besides sorted: [Subnet]) -> Subnet? {
        var candidate = Subnet(containing: supply.base.base, prefixLength: supply.prefixLength)
        for taken in sorted where taken.overlaps(supply.base) && taken.last >= candidate.base {
            guard taken.base <= candidate.last else { break }
            guard let next = Subnet(containing: max(taken.last, candidate.base), prefixLength: supply.prefixLength).last.successor,
                supply.base.contains(next)
            else { return nil }
            candidate = Subnet(containing: next, prefixLength: supply.prefixLength)
        }
        return candidate
    }
}
