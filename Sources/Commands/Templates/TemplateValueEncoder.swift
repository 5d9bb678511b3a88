extension TemplateValue {
    /// The value of an answer's body, its fields in the order in which it encodes them.
    init(encoding value: some Encodable) throws {
        let node = ValueNode()
        try node.encode(value)
        self = node.value
    }
}

extension Dictionary: NamedByData where Key == String {}
/// What becomes a ``TemplateValue/map(_:)``.
private protocol NamedByData {}

/// One value in the making.
private final class ValueNode {
    private var scalar = TemplateValue.null
    private var fields: [(name: String, node: ValueNode)] = []
    private var items: [ValueNode] = []
    private var shape = Shape.scalar

    enum Shape {
        case scalar, list, record, map
    }

    var value: TemplateValue {
        switch shape {
        case .scalar: scalar
        case .list: .list(items.map(\.value))
        case .record: .record(TemplateRecord(fields.map { TemplateRecord.Field(name: $0.name, value: $0.node.value) }))
        case .map: .map(Dictionary(fields.map { ($0.name, $0.node.value) }, uniquingKeysWith: { _, last in last }))
        }
    }

    func encode(_ value: some Encodable) throws {
        if value is any NamedByData { shape = .map }
        switch value {
        case let value as Bool: set(.bool(value))
        case let value as String: set(.string(value))
        case let value as any BinaryInteger: set(.integer(Int64(clamping: value)))
        case let value as Double: set(.number(value))
        case let value as Float: set(.number(Double(value)))
        default: try value.encode(to: ValueEncoder(node: self))
        }
    }

    func set(_ value: TemplateValue) { scalar = value }

    func becomeRecord() {
        if shape != .map { shape = .record }
    }

    func becomeList() { shape = .list }
    var count: Int { items.count }

    func item() -> ValueNode {
        let node = ValueNode()
        items.append(node)
        return node
    }

    func field(_ name: String) -> ValueNode {
        let node = ValueNode()
        fields.append((name, node))
        return node
    }
}

private struct ValueEncoder: Encoder {
    let node: ValueNode
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.becomeRecord()
        return KeyedEncodingContainer(KeyedValues<Key>(node: node))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.becomeList()
        return ListedValues(node: node)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { SingleValue(node: node) }
}

private struct KeyedValues<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: ValueNode
    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) { node.field(key.stringValue).set(.null) }
    func encode(_ value: some Encodable, forKey key: Key) throws { try node.field(key.stringValue).encode(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
        ValueEncoder(node: node.field(key.stringValue)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        ValueEncoder(node: node.field(key.stringValue)).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { ValueEncoder(node: node.field("super")) }
    func superEncoder(forKey key: Key) -> any Encoder { ValueEncoder(node: node.field(key.stringValue)) }
}

private struct ListedValues: UnkeyedEncodingContainer {
    let node: ValueNode
    var codingPath: [any CodingKey] { [] }
    var count: Int { node.count }

    func encodeNil() { node.item().set(.null) }
    func encode(_ value: some Encodable) throws { try node.item().encode(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        ValueEncoder(node: node.item()).container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { ValueEncoder(node: node.item()).unkeyedContainer() }
    func superEncoder() -> any Encoder { ValueEncoder(node: node.item()) }
}

private struct SingleValue: SingleValueEncodingContainer {
    let node: ValueNode
    var codingPath: [any CodingKey] { [] }

    func encodeNil() { node.set(.null) }
    func encode(_ value: some Encodable) throws { try node.encode(value) }
}
