public import NetworkModel

/// The addresses of one subnet that endpoints may have: those of its sub-pool, or of the pool, without the reserved ones.
public struct UsableAddresses: Sendable {
    private let subnet: SubnetRecord
    private let reserved: Set<IPAddress>

    public init(_ subnet: SubnetRecord) {
        self.subnet = subnet
        var reserved = Set(subnet.auxiliary.values)
        reserved.formUnion(Self.unusable(in: subnet.pool))
        if let gateway = subnet.gateway { reserved.insert(gateway) }
        self.reserved = reserved
    }

    /// The subnet's own address, and IPv4's broadcast address. A sub-pool's first and last are as good as any other; a subnet of one
    /// or two addresses has nothing to spare (RFC 3021 for IPv4, RFC 6164 for IPv6).
    static func unusable(in pool: Subnet) -> [IPAddress] {
        guard pool.prefixLength < pool.family.width - 1 else { return [] }
        return pool.family == .v4 ? [pool.base, pool.last] : [pool.base]
    }

    /// Where addresses are taken from.
    private var range: Subnet { subnet.subPool ?? subnet.pool }

    /// Whether an address lies where addresses are taken from; it may be reserved.
    public func covers(_ address: IPAddress) -> Bool { range.contains(address) }

    public func isReserved(_ address: IPAddress) -> Bool { reserved.contains(address) }

    /// The lowest addresses that are neither reserved nor taken, ascending.
    ///
    /// - Parameter count: at most so many. The cost grows with the taken ones below them, 64 at a time, and not with the subnet.
    public func lowestFree(_ count: Int = 1, besides taken: AddressSet = []) -> [IPAddress] {
        var free: [IPAddress] = []
        var next: IPAddress? = range.base
        while free.count < count, let address = next.flatMap(taken.firstMissing), address <= range.last {
            if !reserved.contains(address) { free.append(address) }
            next = address.successor
        }
        return free
    }
}
