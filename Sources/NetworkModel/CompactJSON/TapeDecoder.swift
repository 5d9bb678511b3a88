/// Makes values from the tokens of a text.
final class TapeDecoder: Decoder {
    let node: JSONNode
    /// Kept for the container that is asked for, which may be several.
    private var object: JSONObject

    init(_ node: JSONNode) {
        self.node = node
        object = JSONObject(node)
    }

    var codingPath: [any CodingKey] { node.tape.path(to: node.index) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    var names: [String] { object.names }

    /// A member of the object that the node is, or nil.
    func member(_ key: some CodingKey) -> JSONNode? {
        var name = key.stringValue
        return name.withUTF8 { object.find($0) }
    }

    func missing(_ key: some CodingKey) -> DecodingError { object.missing(key) }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard node.token.kind == .object else { throw node.mismatch([String: Any].self) }
        return KeyedDecodingContainer(TapeMembers<Key>(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard node.token.kind == .array else { throw node.mismatch([Any].self) }
        return TapeElements(node)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { TapeValue(decoder: self) }
}
