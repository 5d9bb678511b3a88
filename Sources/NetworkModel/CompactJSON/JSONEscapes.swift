/// What strings escape in JSON (RFC 8259 section 7).
enum JSONEscapes {
    /// The text with its escapes replaced; nil if one of them is none.
    static func unescaped(_ text: ArraySlice<UInt8>) -> String? {
        var units: [UInt8] = []
        units.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                units.append(byte)
                continue
            }
            guard let escape = rest.popFirst(), append(escape, &rest, to: &units) else { return nil }
        }
        return String(decoding: units, as: UTF8.self)
    }

    private static func append(_ escape: UInt8, _ rest: inout ArraySlice<UInt8>, to units: inout [UInt8]) -> Bool {
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(escape)
        case UInt8(ascii: "b"): units.append(0x08)
        case UInt8(ascii: "f"): units.append(0x0c)
        case UInt8(ascii: "n"): units.append(0x0a)
        case UInt8(ascii: "r"): units.append(0x0d)
        case UInt8(ascii: "t"): units.append(0x09)
        case UInt8(ascii: "u"):
            guard let scalar = scalar(&rest) else { return false }
            units += Array(String(scalar).utf8)
        default: return false
        }
        return true
    }

    /// One scalar of one escape, or of two that are a surrogate pair.
    private static func scalar(_ rest: inout ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard let first = unit(&rest) else { return nil }
        guard (0xd800..<0xdc00).contains(first) else { return Unicode.Scalar(first) }
        guard rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "u"), let second = unit(&rest),
            (0xdc00..<0xe000).contains(second)
        else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    }

    private static func unit(_ rest: inout ArraySlice<UInt8>) -> UInt32? {
        guard rest.count >= 4 else { return nil }
        defer { rest = rest.dropFirst(4) }
        return UInt32(String(decoding: rest.prefix(4), as: UTF8.self), radix: 16)
    }

    /// Writes a string with its quotation marks.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { units in
            guard units.contains(where: mustBeEscaped) else { return bytes.append(contentsOf: units) }
            for unit in units { append(unit, to: &bytes) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func mustBeEscaped(_ unit: UInt8) -> Bool {
        unit < 0x20 || unit == UInt8(ascii: "\"") || unit == UInt8(ascii: "\\")
    }

    private static func append(_ unit: UInt8, to bytes: inout [UInt8]) {
        guard mustBeEscaped(unit) else { return bytes.append(unit) }
        bytes.append(UInt8(ascii: "\\"))
        guard unit < 0x20 else { return bytes.append(unit) }
        let digits = String(unit, radix: 16)
        bytes += "u\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)".utf8
    }
}
