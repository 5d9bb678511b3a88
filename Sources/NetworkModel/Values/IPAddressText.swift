/// Reading and writing of address text: dotted quads, and RFC 4291 section 2.2 read, RFC 5952 written.
extension IPAddress {
    static func parse(_ text: String.UTF8View) -> IPAddress? {
        text.contains(UInt8(ascii: ":"))
            ? parseV6(text[...]).map { IPAddress(family: .v6, bits: $0) }
            : parseV4(text[...]).map { IPAddress(family: .v4, bits: UInt128($0)) }
    }

    private static func parseV4(_ text: Substring.UTF8View) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var result: UInt32 = 0
        for part in parts {
            // A leading zero is refused: some readers take it for octal.
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            var value: UInt32 = 0
            for digit in part {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
                value = value * 10 + UInt32(digit - UInt8(ascii: "0"))
            }
            guard value <= 255 else { return nil }
            result = result << 8 | value
        }
        return result
    }

    private static func parseV6(_ text: Substring.UTF8View) -> UInt128? {
        guard let gap = doubleColon(in: text) else {
            return groups(text, endWithQuad: true).flatMap { $0.count == 8 ? join($0) : nil }
        }
        let tail = text[text.index(gap, offsetBy: 2)...]
        guard doubleColon(in: tail) == nil, tail.first != UInt8(ascii: ":"),
            let high = gap == text.startIndex ? [] : groups(text[..<gap], endWithQuad: false),
            let low = tail.isEmpty ? [] : groups(tail, endWithQuad: true), high.count + low.count <= 7
        else { return nil }
        return join(high + Array(repeating: 0, count: 8 - high.count - low.count) + low)
    }

    private static func doubleColon(in text: Substring.UTF8View) -> Substring.UTF8View.Index? {
        var previous: UInt8?
        for index in text.indices {
            if previous == UInt8(ascii: ":"), text[index] == UInt8(ascii: ":") { return text.index(before: index) }
            previous = text[index]
        }
        return nil
    }

    /// The 16-bit groups of a text without `::`; at the end of an address a dotted quad may stand for the last two.
    private static func groups(_ text: Substring.UTF8View, endWithQuad: Bool) -> [UInt16]? {
        let parts = text.split(separator: UInt8(ascii: ":"), maxSplits: 8, omittingEmptySubsequences: false)
        var result: [UInt16] = []
        for (position, part) in parts.enumerated() {
            if endWithQuad, position == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let quad = parseV4(part) else { return nil }
                result += [UInt16(quad >> 16), UInt16(truncatingIfNeeded: quad)]
            } else {
                guard (1...4).contains(part.count), part.allSatisfy(isHexadecimal),
                    let value = UInt16(String(Substring(part)), radix: 16)
                else { return nil }
                result.append(value)
            }
        }
        return result
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }

    private static func join(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    public var description: String {
        family == .v4 ? bytes.map { String($0) }.joined(separator: ".") : describeV6()
    }

    private func describeV6() -> String {
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
        let gap = IPAddress.longestZeroRun(groups)
        let words = groups.map { String($0, radix: 16) }
        guard gap.count >= 2 else { return words.joined(separator: ":") }
        return words[..<gap.lowerBound].joined(separator: ":") + "::" + words[gap.upperBound...].joined(separator: ":")
    }

    /// The first of the longest runs of zero groups (RFC 5952 section 4.2.3).
    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int> {
        var best = 0..<0
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > best.count { best = start..<index }
            start = index + 1
        }
        return best
    }
}
