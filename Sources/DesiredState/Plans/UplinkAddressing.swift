public import NetworkModel

/// The link between a network's namespace and the host: a pair of addresses a family (docs/decisions/0001).
public struct UplinkAddresses: Hashable, Sendable {
    /// Which of the pairs it is, 0 ..< ``count``.
    public let number: UInt16

    /// The pairs of 169.254.128.0/17 (RFC 3927; RFC 3021 for the length).
    public static let count: UInt16 = 1 << 14

    /// A unique local prefix of Skein's own (RFC 4193); the length is RFC 6164's.
    private static let v6 = UInt128(0xfd73_6b65_696e_0000) << 64
    private static let v4 = IPAddress(169, 254, 128, 0).bits

    public init?(number: UInt16) {
        guard number < Self.count else { return nil }
        self.number = number
    }

    /// The link that one of its addresses belongs to, or nil if it is no address of an uplink.
    public init?(of address: IPAddress) {
        let base = address.family == .v4 ? Self.v4 : Self.v6
        guard address.bits >= base, address.bits - base < UInt128(Self.count) * 2 else { return nil }
        number = UInt16((address.bits - base) / 2)
    }

    public func host(_ family: IPFamily) -> InterfaceAddress { end(0, family) }
    public func network(_ family: IPFamily) -> InterfaceAddress { end(1, family) }

    private func end(_ end: UInt128, _ family: IPFamily) -> InterfaceAddress {
        let address = IPAddress(family: family, bits: (family == .v4 ? Self.v4 : Self.v6) + UInt128(number) * 2 + end)
        return InterfaceAddress(address, in: Subnet(containing: address, prefixLength: family.width - 1))
    }
}

/// Gives each network with a way out a link of its own: the one that the kernel has for it already, else one derived from its id.
public struct UplinkAddressing: Hashable, Sendable {
    private var numbers: [NetworkID: UInt16] = [:]
    private var taken: Set<UInt16> = []

    public init() {
        // Clouds answer on these: 169.254.169.254 and its neighbours, 169.254.170.2.
        for third: UInt8 in [169, 170] {
            for fourth in stride(from: UInt8(0), through: 254, by: 2) { reserve(IPAddress(169, 254, third, fourth)) }
        }
    }

    /// Keeps clear of an address that is in use on the host for something else.
    public mutating func reserve(_ address: IPAddress) {
        if let link = UplinkAddresses(of: address) { taken.insert(link.number) }
    }

    /// Takes over what an earlier life gave a network. The first network to have a link keeps it.
    public mutating func adopt(_ link: UplinkAddresses, for network: NetworkID) {
        guard numbers[network] == nil, taken.insert(link.number).inserted else { return }
        numbers[network] = link.number
    }

    /// A network's link, or nil if all are taken.
    public mutating func link(of network: NetworkID) -> UplinkAddresses? {
        if let number = numbers[network] { return UplinkAddresses(number: number) }
        let start = UInt16(truncatingIfNeeded: UInt64(network.rawValue.prefix(8), radix: 16) ?? 0)
        for step in 0..<UplinkAddresses.count {
            let number = (start &+ step) % UplinkAddresses.count
            guard taken.insert(number).inserted else { continue }
            numbers[network] = number
            return UplinkAddresses(number: number)
        }
        return nil
    }

    public mutating func release(_ network: NetworkID) {
        if let number = numbers.removeValue(forKey: network) { taken.remove(number) }
    }
}
