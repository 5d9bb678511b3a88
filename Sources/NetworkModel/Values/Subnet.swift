/// An address prefix without host bits, such as `10.0.9.0/24` or `fd00::/64`: a pool, a sub-pool or a route's destination.
public struct Subnet: TextValue, Comparable {
    /// The lowest address; its host bits are zero.
    public let base: IPAddress
    /// 0 ... 32 or 0 ... 128.
    public let prefixLength: Int

    /// - Throws: ``InvalidValue`` if the length is out of range or the address has host bits set; the message gives the subnet meant.
    public init(base: IPAddress, prefixLength: Int) throws(InvalidValue) {
        guard (0...base.family.width).contains(prefixLength) else {
            throw InvalidValue("\(base)/\(prefixLength) is not a subnet: the prefix length must be 0 to \(base.family.width)")
        }
        let whole = Subnet(containing: base, prefixLength: prefixLength)
        guard whole.base == base else {
            // The wording of Docker 28's `invalid subnet …: it should be …`.
            throw InvalidValue("invalid subnet \(base)/\(prefixLength): it should be \(whole)")
        }
        self = whole
    }

    /// The subnet of the given length that an address lies in. Lengths out of range are clamped.
    public init(containing address: IPAddress, prefixLength: Int) {
        let length = min(max(prefixLength, 0), address.family.width)
        let hostBits = UInt128(address.family.width - length)
        self.base = IPAddress(family: address.family, bits: hostBits >= 128 ? 0 : (address.bits >> hostBits) << hostBits)
        self.prefixLength = length
    }

    public init(_ text: String) throws(InvalidValue) {
        let address = try InterfaceAddress(cidr: text)
        try self.init(base: address.address, prefixLength: address.prefixLength)
    }

    public var family: IPFamily { base.family }

    /// The highest address: IPv4's broadcast address.
    public var last: IPAddress {
        let hostBits = family.width - prefixLength
        return IPAddress(family: family, bits: base.bits | (hostBits >= 128 ? .max : (1 << UInt128(hostBits)) - 1))
    }

    /// How many addresses there are, saturating at 2^128 - 1 for `::/0`.
    public var size: UInt128 {
        let hostBits = family.width - prefixLength
        return hostBits >= 128 ? .max : 1 << UInt128(hostBits)
    }

    public func contains(_ address: IPAddress) -> Bool {
        address.family == family && Subnet(containing: address, prefixLength: prefixLength).base == base
    }

    public func contains(_ other: Subnet) -> Bool {
        other.prefixLength >= prefixLength && contains(other.base)
    }

    public func overlaps(_ other: Subnet) -> Bool {
        contains(other) || other.contains(self)
    }

    /// The address at a distance from the base, or nil beyond ``last``.
    public func address(at offset: UInt128) -> IPAddress? {
        offset < size ? IPAddress(family: family, bits: base.bits + offset) : nil
    }

    public static func < (left: Subnet, right: Subnet) -> Bool {
        (left.base, left.prefixLength) < (right.base, right.prefixLength)
    }

    public var description: String { "\(base)/\(prefixLength)" }
}
