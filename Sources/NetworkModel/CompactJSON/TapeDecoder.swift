/// Makes values from the tokens of a text.
final class TapeDecoder: Decoder {
    let tape: JSONTape
    let index: Int
    private let parent: TapeDecoder?
    private let key: (any CodingKey)?
    /// Where the member after the one that was found last begins: members are asked for in their order, as a rule.
    private var cursor: Int

    init(_ tape: JSONTape, at index: Int, parent: TapeDecoder? = nil, key: (any CodingKey)? = nil) {
        self.tape = tape
        self.index = index
        self.parent = parent
        self.key = key
        cursor = index + 1
    }

    var token: JSONTape.Token { tape.tokens[index] }
    var codingPath: [any CodingKey] { (parent?.codingPath ?? []) + (key.map { [$0] } ?? []) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func child(at index: Int, key: any CodingKey) -> TapeDecoder {
        TapeDecoder(tape, at: index, parent: self, key: key)
    }

    /// The index of a member's value, or nil.
    func member(_ name: String) -> Int? {
        find(name, from: cursor, to: token.next) ?? find(name, from: index + 1, to: cursor)
    }

    private func find(_ name: String, from first: Int, to end: Int) -> Int? {
        var position = first
        while position < end {
            let value = position + 1
            let next = tape.tokens[value].next
            if tape.equals(tape.tokens[position], name) {
                cursor = next
                return value
            }
            position = next
        }
        return nil
    }

    /// The names of all members.
    var names: [String] {
        var result: [String] = []
        var position = index + 1
        while position < token.next {
            if let name = tape.string(tape.tokens[position]) { result.append(name) }
            position = tape.tokens[position + 1].next
        }
        return result
    }

    // MARK: Scalars

    var isNull: Bool { token.kind == .null }

    func string() throws -> String {
        guard let value = tape.string(token) else { throw mismatch(String.self) }
        return value
    }

    func bool() throws -> Bool {
        switch token.kind {
        case .yes: return true
        case .no: return false
        default: throw mismatch(Bool.self)
        }
    }

    func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
        guard token.kind == .number else { throw mismatch(type) }
        guard let value: Value = tape.integer(token) else {
            throw DecodingError.dataCorrupted(context("the number does not fit \(type)"))
        }
        return value
    }

    func double() throws -> Double {
        guard let value = tape.double(token) else { throw mismatch(Double.self) }
        return value
    }

    func context(_ what: String) -> DecodingError.Context {
        DecodingError.Context(codingPath: codingPath, debugDescription: what)
    }

    func mismatch(_ type: Any.Type) -> DecodingError {
        isNull
            ? .valueNotFound(type, context("no value, where a \(type) is expected"))
            : .typeMismatch(type, context("not a \(type)"))
    }

    // MARK: Containers

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard token.kind == .object else { throw mismatch([String: Any].self) }
        return KeyedDecodingContainer(TapeMembers<Key>(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard token.kind == .array else { throw mismatch([Any].self) }
        return TapeElements(decoder: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { TapeValue(decoder: self) }
}
