/// A JSON text cut into tokens, in the order in which they stand; each knows where what follows it begins.
final class JSONTape: Sendable {
    enum Kind: UInt8, Sendable {
        case object, array
        /// Without its quotation marks.
        case string
        case escapedString
        case number, yes, no, null
    }

    struct Token: Sendable {
        let kind: Kind
        /// Bytes of the text.
        let start: Int
        var end: Int
        /// The token after this one and all that it holds.
        var next: Int
    }

    struct Flaw: Error {
        let what: String
        let offset: Int
    }

    let text: ArraySlice<UInt8>
    let tokens: [Token]

    init(_ text: ArraySlice<UInt8>) throws(Flaw) {
        var parser = JSONParser(text)
        tokens = try parser.parse()
        self.text = text
    }

    /// The text of a string token.
    func string(_ token: Token) -> String? {
        if token.kind == .string { return String(decoding: text[token.start..<token.end], as: UTF8.self) }
        guard token.kind == .escapedString else { return nil }
        return JSONEscapes.unescaped(text[token.start..<token.end])
    }

    /// Whether a string token is a name.
    func equals(_ token: Token, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard token.kind == .string else { return string(token)?.utf8.elementsEqual(name) ?? false }
        guard name.count == token.end - token.start else { return false }
        for offset in 0..<name.count where name[offset] != text[token.start + offset] { return false }
        return true
    }

    /// Where a token stands: the names and numbers that lead to it.
    func path(to index: Int) -> [any CodingKey] {
        var path: [any CodingKey] = []
        var container = 0
        while container < index {
            var (position, number) = (container + 1, 0)
            let isObject = tokens[container].kind == .object
            // What comes next lies behind the token, or the token is in it.
            while tokens[isObject ? position + 1 : position].next <= index {
                position = tokens[isObject ? position + 1 : position].next
                number += 1
            }
            path.append(isObject ? JSONKey(stringValue: string(tokens[position]) ?? "") : JSONKey(intValue: number))
            container = isObject ? position + 1 : position
        }
        return path
    }

    /// A number token as an integer: exact, or nil.
    func integer<Value: FixedWidthInteger>(_ token: Token) -> Value? {
        guard token.kind == .number else { return nil }
        let digits = text[token.start..<token.end]
        if let value = digits.withUnsafeBufferPointer({ Int128(decimal: $0) }) { return Value(exactly: value) }
        return Double(JSONTape.ascii(digits)).flatMap { Value(exactly: $0) }
    }

    func double(_ token: Token) -> Double? {
        token.kind == .number ? Double(JSONTape.ascii(text[token.start..<token.end])) : nil
    }

    private static func ascii(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Cuts a text into tokens.
private struct JSONParser {
    private let text: ArraySlice<UInt8>
    private var position: Int
    private var tokens: [JSONTape.Token] = []
    /// Hostile text must not end our stack.
    private static let deepest = 256

    init(_ text: ArraySlice<UInt8>) {
        self.text = text
        position = text.startIndex
        // A token for every dozen bytes is more than messages have.
        tokens.reserveCapacity(text.count / 24 + 8)
    }

    mutating func parse() throws(JSONTape.Flaw) -> [JSONTape.Token] {
        try value(depth: 0)
        skipSpace()
        guard position == text.endIndex else { throw flaw("something after the value") }
        return tokens
    }

    private func flaw(_ what: String) -> JSONTape.Flaw {
        JSONTape.Flaw(what: what, offset: position - text.startIndex)
    }

    private mutating func skipSpace() {
        while position < text.endIndex {
            switch text[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
            default: return
            }
        }
    }

    /// The next byte that is no space, without taking it.
    private mutating func peek() throws(JSONTape.Flaw) -> UInt8 {
        skipSpace()
        guard position < text.endIndex else { throw flaw("an end before its time") }
        return text[position]
    }

    private mutating func value(depth: Int) throws(JSONTape.Flaw) {
        guard depth < Self.deepest else { throw flaw("too deep a nesting") }
        switch try peek() {
        case UInt8(ascii: "{"): try container(.object, UInt8(ascii: "}"), depth: depth)
        case UInt8(ascii: "["): try container(.array, UInt8(ascii: "]"), depth: depth)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true", .yes)
        case UInt8(ascii: "f"): try word("false", .no)
        case UInt8(ascii: "n"): try word("null", .null)
        default: try number()
        }
    }

    private mutating func container(_ kind: JSONTape.Kind, _ end: UInt8, depth: Int) throws(JSONTape.Flaw) {
        let index = tokens.count
        tokens.append(JSONTape.Token(kind: kind, start: position, end: position, next: index))
        position += 1
        if try peek() == end {
            position += 1
        } else {
            repeat {
                if kind == .object { try member() }
                try value(depth: depth + 1)
            } while try isFollowed(orEndedBy: end)
        }
        tokens[index].end = position
        tokens[index].next = tokens.count
    }

    private mutating func member() throws(JSONTape.Flaw) {
        guard try peek() == UInt8(ascii: "\"") else { throw flaw("no name of a member") }
        try string()
        guard try peek() == UInt8(ascii: ":") else { throw flaw("no colon") }
        position += 1
    }

    /// Whether there is a comma; otherwise the container ends.
    private mutating func isFollowed(orEndedBy end: UInt8) throws(JSONTape.Flaw) -> Bool {
        let byte = try peek()
        guard byte == UInt8(ascii: ",") || byte == end else { throw flaw("neither a comma nor an end") }
        position += 1
        return byte != end
    }

    private mutating func add(_ kind: JSONTape.Kind, from start: Int) {
        tokens.append(JSONTape.Token(kind: kind, start: start, end: position, next: tokens.count + 1))
    }

    private mutating func string() throws(JSONTape.Flaw) {
        position += 1
        let start = position
        var (kind, isASCII) = (JSONTape.Kind.string, true)
        while true {
            position = endOfPlainText()
            guard position < text.endIndex else { break }
            switch text[position] {
            case UInt8(ascii: "\""):
                guard isASCII || String(validating: text[start..<position], as: UTF8.self) != nil else {
                    throw flaw("bytes that are no text")
                }
                add(kind, from: start)
                position += 1
                return
            case UInt8(ascii: "\\"):
                kind = .escapedString
                position += 2
            case 0..<0x20: throw flaw("a control character in a string")
            default:
                isASCII = false
                position += 1
            }
        }
        position = text.endIndex
        throw flaw("a string without an end")
    }

    /// Where the ASCII characters of a string end that stand for themselves, eight at a time.
    private func endOfPlainText() -> Int {
        let end = text.withUnsafeBytes { bytes in
            var offset = position - text.startIndex
            while offset + 8 <= bytes.count {
                let marks = Self.marks(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
                guard marks == 0 else { return offset + marks.trailingZeroBitCount / 8 }
                offset += 8
            }
            while offset < bytes.count, Self.marks(UInt64(bytes[offset]) | 0x2020_2020_2020_2000) == 0 { offset += 1 }
            return offset
        }
        return text.startIndex + end
    }

    /// The highest bit of each of eight bytes that is no ASCII, a control character, a quotation mark or a backslash; above the first of
    /// them others may be marked too.
    private static func marks(_ word: UInt64) -> UInt64 {
        let (ones, tops) = (UInt64(0x0101_0101_0101_0101), UInt64(0x8080_8080_8080_8080))
        let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        let below = (word &- ones &* 0x20) & ~word
        return (word | below | (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes) & tops
    }

    private mutating func word(_ word: StaticString, _ kind: JSONTape.Kind) throws(JSONTape.Flaw) {
        let start = position
        let matches = word.withUTF8Buffer { text[start...].starts(with: $0) }
        guard matches else { throw flaw("no value") }
        position += word.utf8CodeUnitCount
        add(kind, from: start)
    }

    private mutating func number() throws(JSONTape.Flaw) {
        let start = position
        while position < text.endIndex, Self.isOfNumber(text[position]) { position += 1 }
        let digits = text[start..<position]
        guard let first = digits.first, first == UInt8(ascii: "-") || first.isDigit, let last = digits.last, last.isDigit else {
            position = start
            throw flaw("no value")
        }
        add(.number, from: start)
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"),
            UInt8(ascii: "E"):
            true
        default: false
        }
    }
}

extension Int128 {
    /// Reads up to 36 decimal digits, after a minus if it is negative; nil for anything else. Wide enough for every integer that is asked
    /// for, so that there is one reader of digits.
    init?(decimal text: UnsafeBufferPointer<UInt8>) {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = text[(isNegative ? 1 : 0)...]
        guard (1...36).contains(digits.count) else { return nil }
        var (high, low, scale) = (Int128(0), UInt64(0), UInt64(1))
        for digit in digits {
            guard digit.isDigit else { return nil }
            if scale == 1_000_000_000_000_000_000 {
                (high, low, scale) = (Int128(low), 0, 1)
            }
            low = low * 10 + UInt64(digit - UInt8(ascii: "0"))
            scale *= 10
        }
        let value = high * Int128(scale) + Int128(low)
        self = isNegative ? -value : value
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
