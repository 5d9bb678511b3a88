/// A set of addresses that passes many of them at once: a bit for each, 64 to a word.
///
/// A network's addresses are taken from the lowest on, so that a few words hold thousands of them.
public struct AddressSet: Hashable, Sendable, ExpressibleByArrayLiteral {
    /// By the first of the 64 addresses that a word is for; its lowest bit is that one's. No word is zero.
    private var words: [IPAddress: UInt64] = [:]

    public init(_ addresses: some Sequence<IPAddress>) {
        formUnion(addresses)
    }

    public init(arrayLiteral addresses: IPAddress...) {
        self.init(addresses)
    }

    public var isEmpty: Bool { words.isEmpty }

    public func contains(_ address: IPAddress) -> Bool {
        let (word, bit) = Self.place(of: address)
        return words[word, default: 0] >> bit & 1 == 1
    }

    public mutating func insert(_ address: IPAddress) {
        let (word, bit) = Self.place(of: address)
        words[word, default: 0] |= 1 << bit
    }

    public mutating func remove(_ address: IPAddress) {
        let (word, bit) = Self.place(of: address)
        let rest = words[word, default: 0] & ~(1 << bit)
        words[word] = rest == 0 ? nil : rest
    }

    public mutating func formUnion(_ addresses: some Sequence<IPAddress>) {
        for address in addresses { insert(address) }
    }

    public func union(_ other: AddressSet) -> AddressSet {
        var result = self
        result.words.merge(other.words) { $0 | $1 }
        return result
    }

    /// The first address from this one on that is not in the set; nil if its family has none.
    public func firstMissing(from address: IPAddress) -> IPAddress? {
        var next: IPAddress? = address
        while let address = next {
            let (word, bit) = Self.place(of: address)
            // Above the word's highest bit the shift leaves zeros, and so none is counted there.
            let present = (~(words[word, default: 0] >> bit)).trailingZeroBitCount
            if present == 0 { return address }
            let last = IPAddress(family: address.family, bits: address.bits + UInt128(present - 1))
            next = last.successor
        }
        return nil
    }

    private static func place(of address: IPAddress) -> (word: IPAddress, bit: UInt64) {
        let bit = address.bits & 63
        return (IPAddress(family: address.family, bits: address.bits - bit), UInt64(bit))
    }
}
