import NetworkModel

/// The names under which addresses are looked up: `in-addr.arpa` (RFC 1035 section 3.5) and `ip6.arpa` (RFC 3596 section 2.5).
enum ReverseName {
    /// The address a folded name stands for, or nil for any other name and for one of a whole range.
    static func address(of name: String) -> IPAddress? {
        guard name.utf8.last == UInt8(ascii: "a") else { return nil }
        if let octets = FoldedName.prefix(of: name, before: "in-addr.arpa") {
            return read(octets, count: 4, family: .v4, radix: 10, bits: 8)
        }
        if let nibbles = FoldedName.prefix(of: name, before: "ip6.arpa") {
            return read(nibbles, count: 32, family: .v6, radix: 16, bits: 4)
        }
        return nil
    }

    /// Reads labels that hold `bits` bits each, the lowest first.
    private static func read(_ text: String, count: Int, family: IPFamily, radix: Int, bits: Int) -> IPAddress? {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count == count else { return nil }
        var result: UInt128 = 0
        for label in labels.reversed() {
            guard let value = digits(label, radix: radix), value < 1 << bits else { return nil }
            result = result << UInt128(bits) | UInt128(value)
        }
        return IPAddress(family: family, bits: result)
    }

    /// A number without sign or leading zero: `010` is no label that a resolver makes of an address.
    private static func digits(_ label: Substring, radix: Int) -> Int? {
        guard (1...3).contains(label.utf8.count), label.utf8.first != UInt8(ascii: "+"),
            label.utf8.count == 1 || label.utf8.first != UInt8(ascii: "0")
        else { return nil }
        return Int(label, radix: radix).flatMap { $0 < 0 ? nil : $0 }
    }
}
