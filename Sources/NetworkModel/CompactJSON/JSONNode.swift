/// A value of a JSON text.
///
/// `Decodable` types need not know of it. One that comes by the ten thousand reads itself from its node, since a third of the time
/// that Swift's containers take for it goes by in asking for them.
public struct JSONNode: Sendable {
    let tape: JSONTape
    let index: Int

    init(_ tape: JSONTape, at index: Int) {
        self.tape = tape
        self.index = index
    }

    /// What a decoder is to make a value of; nil if it is no decoder of ``CompactJSON``.
    public init?(_ decoder: any Decoder) {
        guard let decoder = decoder as? TapeDecoder else { return nil }
        self = decoder.node
    }

    /// What a decoder is to make a value of.
    /// - Throws: a `DecodingError` if it is no decoder of ``CompactJSON``.
    public static func of(_ decoder: any Decoder) throws -> JSONNode {
        guard let node = JSONNode(decoder) else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "only CompactJSON reads this"))
        }
        return node
    }

    var token: JSONTape.Token { tape.tokens[index] }

    public var isNull: Bool { token.kind == .null }
    public var isNumber: Bool { token.kind == .number }

    /// - Throws: a `DecodingError` that tells where, as all of these do, for a value of another kind.
    public func string() throws -> String {
        guard let value = tape.string(token) else { throw mismatch(String.self) }
        return value
    }

    /// A string's bytes, in UTF-8.
    public func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) throws -> Result {
        if token.kind == .string { return try tape.text[token.start..<token.end].withUnsafeBufferPointer(body) }
        var text = try string()
        return try text.withUTF8(body)
    }

    /// A value that is coded as its text.
    public func text<Value: TextValue>(_ type: Value.Type = Value.self) throws -> Value {
        do {
            return try withText { try Value(utf8: $0) }
        } catch let invalid as InvalidValue {
            throw flaw(invalid.message)
        }
    }

    public func bool() throws -> Bool {
        switch token.kind {
        case .yes: return true
        case .no: return false
        default: throw mismatch(Bool.self)
        }
    }

    public func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws -> Value {
        guard isNumber else { throw mismatch(type) }
        guard let value: Value = tape.integer(token) else { throw flaw("the number does not fit \(type)") }
        return value
    }

    /// A string of decimal digits as an integer; nil if it is none, or does not fit.
    public func decimal<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws -> Value? {
        try withText { Int128(decimal: $0) }.flatMap { Value(exactly: $0) }
    }

    func double() throws -> Double {
        guard let value = tape.double(token) else { throw mismatch(Double.self) }
        return value
    }

    public func object() throws -> JSONObject {
        guard token.kind == .object else { throw mismatch([String: Any].self) }
        return JSONObject(self)
    }

    /// The elements of an array.
    public func elements<Element>(_ read: (JSONNode) throws -> Element) throws -> [Element] {
        guard token.kind == .array else { throw mismatch([Any].self) }
        var elements: [Element] = []
        var position = index + 1
        while position < token.next {
            elements.append(try read(JSONNode(tape, at: position)))
            position = tape.tokens[position].next
        }
        return elements
    }

    /// A value that is read in no way of its own.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value { try Value(from: TapeDecoder(self)) }

    /// The value is of the right kind, and none all the same.
    public func flaw(_ what: String) -> DecodingError { .dataCorrupted(context(what)) }

    func context(_ what: String) -> DecodingError.Context {
        DecodingError.Context(codingPath: tape.path(to: index), debugDescription: what)
    }

    func mismatch(_ type: Any.Type) -> DecodingError {
        isNull
            ? .valueNotFound(type, context("no value, where a \(type) is expected"))
            : .typeMismatch(type, context("not a \(type)"))
    }
}

/// The members of an object, which are asked for in the order in which they are written, as a rule.
public struct JSONObject {
    let node: JSONNode
    /// The name that was found last.
    private var cursor: Int

    init(_ node: JSONNode) {
        self.node = node
        cursor = node.index + 1
    }

    /// A member; nil if it is not there, or null.
    public mutating func optional(_ name: StaticString) -> JSONNode? {
        let found = name.withUTF8Buffer { find($0) }
        return found.flatMap { $0.isNull ? nil : $0 }
    }

    /// A member that must be there.
    public mutating func required(_ name: StaticString) throws -> JSONNode {
        let found = name.withUTF8Buffer { find($0) }
        guard let found else { throw missing(JSONKey(stringValue: "\(name)")) }
        return found
    }

    /// The first member of a name, or nil.
    mutating func find(_ name: UnsafeBufferPointer<UInt8>) -> JSONNode? {
        let (first, end) = (node.index + 1, node.token.next)
        guard let found = find(name, from: cursor, to: end) ?? find(name, from: first, to: cursor) else { return nil }
        cursor = found
        return JSONNode(node.tape, at: found + 1)
    }

    private func find(_ name: UnsafeBufferPointer<UInt8>, from first: Int, to end: Int) -> Int? {
        var position = first
        while position < end {
            if node.tape.equals(node.tape.tokens[position], name) { return position }
            position = node.tape.tokens[position + 1].next
        }
        return nil
    }

    /// All members, when their names are not known beforehand.
    public func dictionary<Value>(_ read: (JSONNode) throws -> Value) throws -> [String: Value] {
        var result: [String: Value] = [:]
        var position = node.index + 1
        while position < node.token.next {
            let name = JSONNode(node.tape, at: position)
            let value = JSONNode(node.tape, at: position + 1)
            result[try name.string()] = try read(value)
            position = value.token.next
        }
        return result
    }

    /// The names of all members.
    public var names: [String] {
        var result: [String] = []
        var position = node.index + 1
        while position < node.token.next {
            if let name = node.tape.string(node.tape.tokens[position]) { result.append(name) }
            position = node.tape.tokens[position + 1].next
        }
        return result
    }

    func missing(_ key: any CodingKey) -> DecodingError {
        .keyNotFound(key, node.context("no member '\(key.stringValue)'"))
    }
}
