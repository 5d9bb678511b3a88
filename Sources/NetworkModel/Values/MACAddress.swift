/// An IEEE 802 MAC address.
public struct MACAddress: TextValue, Comparable {
    /// The six bytes as a number, 0 ..< 2^48.
    public let bits: UInt64

    /// - Precondition: none; bits above 48 are dropped.
    public init(bits: UInt64) {
        self.bits = bits & 0xffff_ffff_ffff
    }

    /// Docker's default for an endpoint: `02:42` and the four bytes of its IPv4 address, so that a neighbour entry outlives a reuse
    /// of the address. nil for IPv6.
    public init?(of address: IPAddress) {
        guard address.family == .v4 else { return nil }
        self.init(bits: 0x0242_0000_0000 | UInt64(truncatingIfNeeded: address.bits))
    }

    /// A random unicast address with the locally-administered bit set.
    public init(random generator: inout some RandomNumberGenerator) {
        self.init(bits: generator.next() & 0xfcff_ffff_ffff | 0x0200_0000_0000)
    }

    public init(_ text: String) throws(InvalidValue) {
        guard let bits = Self.parse(text.utf8) else {
            throw InvalidValue("\"\(text)\" is not a MAC address like 02:42:0a:00:00:02")
        }
        self.init(bits: bits)
    }

    /// Byte by byte: there is one in each of tens of thousands of records.
    private static func parse(_ text: String.UTF8View) -> UInt64? {
        guard text.count == 17 else { return nil }
        var bits: UInt64 = 0
        for (place, byte) in text.enumerated() {
            if place % 3 == 2 {
                guard byte == UInt8(ascii: ":") || byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
                bits = bits << 4 | UInt64(digit)
            }
        }
        return bits
    }

    /// The six bytes in transmission order.
    public var bytes: [UInt8] { (0..<6).map { UInt8(truncatingIfNeeded: bits >> UInt64(40 - 8 * $0)) } }

    /// Whether the group bit is set: such an address cannot be an interface's own.
    public var isMulticast: Bool { bits >> 40 & 1 == 1 }

    public static func < (left: MACAddress, right: MACAddress) -> Bool { left.bits < right.bits }

    public var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}
