public import NetworkModel

/// The one address space of the driver: all pools of the cluster's networks, which never overlap.
///
/// Engines ask for a local and a global one and use the one of the network driver's scope. Both are this one: a network that is local
/// to an engine is everywhere in the cluster.
public enum AddressSpace {
    public static let name = "skein"
}

/// What an engine remembers of a pool, and all it says of it later: `skein/10.200.0.0/24`, with an IP range
/// `skein/10.200.0.0/24/10.200.0.128/25`.
public struct PoolID: TextValue {
    public let pool: Subnet
    /// Docker's `--ip-range`: where addresses are taken from.
    public let subPool: Subnet?

    public init(_ pool: Subnet, subPool: Subnet? = nil) {
        self.pool = pool
        self.subPool = subPool
    }

    public init(_ text: String) throws(InvalidValue) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3 || parts.count == 5, parts[0] == AddressSpace.name else {
            throw InvalidValue("\"\(text)\" is not a pool of Skein's like \(AddressSpace.name)/10.0.0.0/24")
        }
        pool = try Subnet(parts[1...2].joined(separator: "/"))
        subPool = parts.count == 5 ? try Subnet(parts[3...4].joined(separator: "/")) : nil
    }

    public var description: String {
        ([AddressSpace.name, pool.description] + [subPool?.description].compactMap { $0 }).joined(separator: "/")
    }
}
