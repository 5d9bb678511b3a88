public import NetworkModel

/// A block that is cut into pools of one size: Docker's `--default-address-pool base=…,size=…`.
public struct PoolSupply: Hashable, Sendable {
    public let base: Subnet
    /// The length of each pool cut from the base, at least the base's own.
    public let prefixLength: Int

    public init(base: Subnet, prefixLength: Int) {
        self.base = base
        self.prefixLength = min(max(prefixLength, base.prefixLength), base.family.width)
    }
}

/// Where a network's pool comes from when its user names none.
public enum DefaultPools {
    /// Docker's lists (libnetwork, `ipamutils`), in the order in which they are tried: for global networks 10.0.0.0/8 as 65,536 pools
    /// of /24; for local ones 172.17.0.0/16 … 172.31.0.0/16, then 192.168.0.0/16 as 16 pools of /20.
    public static func ipv4(_ scope: NetworkScope) -> [PoolSupply] {
        switch scope {
        case .global:
            [PoolSupply(base: Subnet(containing: IPAddress(10, 0, 0, 0), prefixLength: 8), prefixLength: 24)]
        case .local:
            (17...31).map { PoolSupply(base: Subnet(containing: IPAddress(172, $0, 0, 0), prefixLength: 16), prefixLength: 16) }
                + [PoolSupply(base: Subnet(containing: IPAddress(192, 168, 0, 0), prefixLength: 16), prefixLength: 20)]
        }
    }

    /// The /64s of a unique local prefix with a random global id (RFC 4193 section 3.2), as Docker has given out since 27.
    public static func ipv6(random generator: inout some RandomNumberGenerator) -> [PoolSupply] {
        let globalID = UInt128(generator.next() >> 24)
        let prefix = IPAddress(family: .v6, bits: 0xfd << 120 | globalID << 80)
        return [PoolSupply(base: Subnet(containing: prefix, prefixLength: 48), prefixLength: 64)]
    }
}
