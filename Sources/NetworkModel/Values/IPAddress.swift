/// An IPv4 or IPv6 address.
///
/// The bits are kept right-aligned in 128 bits, so that arithmetic is the same for both families.
public struct IPAddress: TextValue, Comparable {
    public let family: IPFamily
    /// The address as a number, 0 ..< 2^32 for IPv4.
    public let bits: UInt128

    /// - Precondition: none; bits above the family's width are dropped.
    public init(family: IPFamily, bits: UInt128) {
        self.family = family
        self.bits = family == .v4 ? bits & 0xffff_ffff : bits
    }

    public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
        self.init(family: .v4, bits: UInt128(a) << 24 | UInt128(b) << 16 | UInt128(c) << 8 | UInt128(d))
    }

    /// Reads the 4 or 16 bytes of an address in network order, or nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4: self.init(family: .v4, bits: bytes.reduce(0) { $0 << 8 | UInt128($1) })
        case 16: self.init(family: .v6, bits: bytes.reduce(0) { $0 << 8 | UInt128($1) })
        default: return nil
        }
    }

    public init(_ text: String) throws(InvalidValue) {
        guard let address = IPAddress.parse(text.utf8) else {
            throw InvalidValue("\"\(text)\" is not an IPv4 or IPv6 address")
        }
        self = address
    }

    /// The address in network order: 4 or 16 bytes.
    public var bytes: [UInt8] {
        stride(from: family.width - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: bits >> UInt128($0)) }
    }

    public static func < (left: IPAddress, right: IPAddress) -> Bool {
        (left.family == .v4 ? 0 : 1, left.bits) < (right.family == .v4 ? 0 : 1, right.bits)
    }

    /// Sets of addresses are asked time and again: one word of an IPv4 address is all that tells it from others.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(UInt64(truncatingIfNeeded: bits))
        if family == .v6 { hasher.combine(UInt64(truncatingIfNeeded: bits >> 64)) }
    }

    /// The next address, or nil after the last of the family.
    public var successor: IPAddress? {
        let (sum, overflow) = bits.addingReportingOverflow(1)
        guard !overflow, family == .v6 || sum <= 0xffff_ffff else { return nil }
        return IPAddress(family: family, bits: sum)
    }

    public var isLoopback: Bool { family == .v4 ? bits >> 24 == 127 : bits == 1 }
    public var isUnspecified: Bool { bits == 0 }
    public var isMulticast: Bool { family == .v4 ? bits >> 28 == 0xe : bits >> 120 == 0xff }
    /// IPv4 169.254.0.0/16 (RFC 3927) or IPv6 fe80::/10 (RFC 4291).
    public var isLinkLocal: Bool { family == .v4 ? bits >> 16 == 0xa9fe : bits >> 118 == 0x3fa }
}

extension IPAddress {
    /// Where DNS is answered on every network's bridge, and on the host: what a container engine's `dns` option names, since it can name
    /// only one for all of its networks (RFC 3927; the half that uplinks do not use).
    public static let nameService = IPAddress(169, 254, 53, 53)
}
