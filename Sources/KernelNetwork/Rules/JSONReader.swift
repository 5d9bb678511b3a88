/// Reads JSON (RFC 8259) as libnftables writes it: numbers are whole. A list of rules has a value for each element of each map, which a
/// `Codable` enum takes a hundred times as long to read: it learns of what each value is by attempts that fail.
struct JSONReader {
    private let bytes: [UInt8]
    private var next = 0

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// The value that a text is, or nil if it is none.
    static func read(_ text: String) -> JSONValue? {
        var reader = JSONReader(text)
        guard let value = reader.value() else { return nil }
        reader.skipSpace()
        return reader.next == reader.bytes.count ? value : nil
    }

    private mutating func value() -> JSONValue? {
        skipSpace()
        guard next < bytes.count else { return nil }
        switch bytes[next] {
        case UInt8(ascii: "{"): return object()
        case UInt8(ascii: "["): return array()
        case UInt8(ascii: "\""): return string().map { .text($0) }
        case UInt8(ascii: "t"): return word("true") ? .boolean(true) : nil
        case UInt8(ascii: "f"): return word("false") ? .boolean(false) : nil
        case UInt8(ascii: "n"): return word("null") ? .null : nil
        default: return integer().map { .integer($0) }
        }
    }

    private mutating func object() -> JSONValue? {
        var members: [String: JSONValue] = [:]
        let isWhole = items(until: UInt8(ascii: "}")) { reader in
            guard let key = reader.string(), reader.take(UInt8(ascii: ":")), let value = reader.value() else { return false }
            members[key] = value
            return true
        }
        return isWhole ? .object(members) : nil
    }

    private mutating func array() -> JSONValue? {
        var values: [JSONValue] = []
        let isWhole = items(until: UInt8(ascii: "]")) { reader in
            guard let value = reader.value() else { return false }
            values.append(value)
            return true
        }
        return isWhole ? .array(values) : nil
    }

    /// What is between brackets, parted by commas.
    private mutating func items(until end: UInt8, _ item: (inout JSONReader) -> Bool) -> Bool {
        next += 1
        if take(end) { return true }
        repeat { guard item(&self) else { return false } } while take(UInt8(ascii: ","))
        return take(end)
    }

    private mutating func string() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        var units: [UInt8] = []
        while next < bytes.count {
            let unit = bytes[next]
            next += 1
            switch unit {
            case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = escaped() else { return nil }
                units += Array(String(Character(scalar)).utf8)
            default: units.append(unit)
            }
        }
        return nil
    }

    /// What follows a backslash. Characters beyond the control ones come as they are.
    private mutating func escaped() -> Unicode.Scalar? {
        guard next < bytes.count else { return nil }
        let letter = bytes[next]
        next += 1
        switch letter {
        case UInt8(ascii: "u"):
            guard next + 4 <= bytes.count, let number = UInt32(String(decoding: bytes[next..<next + 4], as: UTF8.self), radix: 16) else {
                return nil
            }
            next += 4
            return Unicode.Scalar(number) ?? "\u{fffd}"
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        default: return Unicode.Scalar(letter)
        }
    }

    private mutating func integer() -> Int? {
        let isNegative = bytes[next] == UInt8(ascii: "-")
        if isNegative { next += 1 }
        let start = next
        var number = 0
        while next < bytes.count, let digit = Self.digit(bytes[next]) {
            let (product, isTooLong) = number.multipliedReportingOverflow(by: 10)
            let (sum, isTooLarge) = product.addingReportingOverflow(digit)
            guard !isTooLong, !isTooLarge else { return nil }
            number = sum
            next += 1
        }
        return next > start ? (isNegative ? -number : number) : nil
    }

    private static func digit(_ byte: UInt8) -> Int? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte - UInt8(ascii: "0")) : nil
    }

    private mutating func word(_ word: String) -> Bool {
        guard bytes[next...].starts(with: word.utf8) else { return false }
        next += word.utf8.count
        return true
    }

    /// Goes past a byte, and the space before it, if it is next.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next < bytes.count, bytes[next] == byte else { return false }
        next += 1
        return true
    }

    private mutating func skipSpace() {
        while next < bytes.count, bytes[next] == 0x20 || (0x09...0x0d).contains(bytes[next]) { next += 1 }
    }
}
