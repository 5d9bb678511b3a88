/// JSON whose objects have their fields in the order in which their types encode them, as Go's structures have; a dictionary's are sorted.
///
/// Docker's command line prints an answer's fields as they come, and its users know their order.
public enum OrderedJSON {
    /// The value on one line.
    public static func bytes(of value: some Encodable) throws -> [UInt8] {
        let node = JSONNode()
        try node.encode(value)
        var bytes: [UInt8] = []
        node.write(to: &bytes)
        return bytes
    }
}

/// What has no order of its own.
private protocol KeyedWithoutOrder {}
extension Dictionary: KeyedWithoutOrder where Key == String {}

/// One value in the making.
private final class JSONNode {
    private enum Shape {
        case scalar([UInt8])
        case list
        case object
    }

    private var shape = Shape.scalar(Array("{}".utf8))
    private var names: [String] = []
    private var children: [JSONNode] = []
    private var isSorted = false

    func encode(_ value: some Encodable) throws {
        isSorted = value is any KeyedWithoutOrder
        switch value {
        case let value as String: shape = .scalar(Self.quoted(value))
        case let value as Bool: shape = .scalar(Array((value ? "true" : "false").utf8))
        case let value as any BinaryInteger: shape = .scalar(Array(String(value).utf8))
        case let value as any BinaryFloatingPoint: shape = .scalar(Array("\(value)".utf8))
        default: try value.encode(to: NodeEncoder(node: self))
        }
    }

    func setNull() { shape = .scalar(Array("null".utf8)) }
    func becomeList() { shape = .list }
    func becomeObject() { shape = .object }
    var count: Int { children.count }

    func item() -> JSONNode {
        let node = JSONNode()
        children.append(node)
        return node
    }

    func field(_ name: String) -> JSONNode {
        names.append(name)
        return item()
    }

    func write(to bytes: inout [UInt8]) {
        switch shape {
        case .scalar(let text): bytes += text
        case .list:
            bytes.append(UInt8(ascii: "["))
            for (index, child) in children.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                child.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object: writeFields(to: &bytes)
        }
    }

    private func writeFields(to bytes: inout [UInt8]) {
        let fields = Array(zip(names, children))
        bytes.append(UInt8(ascii: "{"))
        for (index, field) in (isSorted ? fields.sorted { $0.0 < $1.0 } : fields).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += Self.quoted(field.0)
            bytes.append(UInt8(ascii: ":"))
            field.1.write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// RFC 8259 section 7, with no escape that is not needed.
    private static func quoted(_ text: String) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        var bytes = [UInt8(ascii: "\"")]
        bytes.reserveCapacity(text.utf8.count + 2)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
            case UInt8(ascii: "\r"): bytes += Array("\\r".utf8)
            case UInt8(ascii: "\t"): bytes += Array("\\t".utf8)
            case 0..<0x20: bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 0xf)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
        return bytes
    }
}

private struct NodeEncoder: Encoder {
    let node: JSONNode
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.becomeObject()
        return KeyedEncodingContainer(Fields<Key>(node: node))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.becomeList()
        return Items(node: node)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(node: node) }
}

private struct Fields<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: JSONNode
    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) { node.field(key.stringValue).setNull() }
    func encode(_ value: some Encodable, forKey key: Key) throws { try node.field(key.stringValue).encode(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
        NodeEncoder(node: node.field(key.stringValue)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        NodeEncoder(node: node.field(key.stringValue)).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { NodeEncoder(node: node.field("super")) }
    func superEncoder(forKey key: Key) -> any Encoder { NodeEncoder(node: node.field(key.stringValue)) }
}

private struct Items: UnkeyedEncodingContainer {
    let node: JSONNode
    var codingPath: [any CodingKey] { [] }
    var count: Int { node.count }

    func encodeNil() { node.item().setNull() }
    func encode(_ value: some Encodable) throws { try node.item().encode(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        NodeEncoder(node: node.item()).container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { NodeEncoder(node: node.item()).unkeyedContainer() }
    func superEncoder() -> any Encoder { NodeEncoder(node: node.item()) }
}

private struct Single: SingleValueEncodingContainer {
    let node: JSONNode
    var codingPath: [any CodingKey] { [] }

    func encodeNil() { node.setNull() }
    func encode(_ value: some Encodable) throws { try node.encode(value) }
}
