/// Writes one value.
struct JSONSinkEncoder: Encoder {
    let sink: JSONSink
    /// How many containers are open around the value.
    private let depth: Int
    private let start: Int

    init(_ sink: JSONSink, depth: Int) {
        self.sink = sink
        self.depth = depth
        start = sink.count
    }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func encodeWhole(_ value: some Encodable) throws {
        try value.encode(to: self)
        sink.close(to: depth)
        if sink.count == start { sink.write(literal: "{}") }
    }

    /// A value that asks for its container twice goes on with the first.
    private func open(_ kind: JSONText.Kind) -> Int {
        if sink.count == start { sink.begin(kind) }
        return depth + 1
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(JSONMembers<Key>(sink: sink, depth: open(.object)))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { JSONElements(sink: sink, depth: open(.array)) }
    func singleValueContainer() -> any SingleValueEncodingContainer { JSONValue(encoder: self) }
}

/// The members of an object that is being written.
struct JSONMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let sink: JSONSink
    let depth: Int

    var codingPath: [any CodingKey] { [] }

    private func next(_ key: some CodingKey) { sink.nextMember(key.stringValue, at: depth) }

    func encodeNil(forKey key: Key) {
        next(key)
        sink.write(literal: "null")
    }

    func encode(_ value: Double, forKey key: Key) throws {
        next(key)
        try sink.write(value, [key])
    }

    func encode(_ value: Float, forKey key: Key) throws { try encode(Double(value), forKey: key) }

    func encode(_ value: Bool, forKey key: Key) {
        next(key)
        sink.write(value)
    }

    func encode(_ value: String, forKey key: Key) {
        next(key)
        sink.write(value)
    }

    func encode(_ value: Int, forKey key: Key) {
        next(key)
        sink.write(value)
    }

    func encode(_ value: Int8, forKey key: Key) {
        next(key)
        sink.write(value)
    }

    func encode(_ value: Int16, forKey key: Key) {
        next(key)
        sink.write(value)
    }

    func encode(_ value: Int32, forKey key: Key) {
        next(key)
        sink.write(value)
    }

    func encode(_ value: Int64, forKey key: Key) {
        next(key)
        sink.write(value)
    }

    func encode(_ value: UInt, forKey key: Key) {
        next(key)
        sink.write(value)
    }

    func encode(_ value: UInt8, forKey key: Key) {
        next(key)
        sink.write(value)
    }

    func encode(_ value: UInt16, forKey key: Key) {
        next(key)
        sink.write(value)
    }

    func encode(_ value: UInt32, forKey key: Key) {
        next(key)
        sink.write(value)
    }

    func encode(_ value: UInt64, forKey key: Key) {
        next(key)
        sink.write(value)
    }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        next(key)
        try JSONSinkEncoder(sink, depth: depth).encodeWhole(value)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
        next(key)
        return JSONSinkEncoder(sink, depth: depth).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        next(key)
        return JSONSinkEncoder(sink, depth: depth).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        next(JSONKey.superKey)
        return JSONSinkEncoder(sink, depth: depth)
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        next(key)
        return JSONSinkEncoder(sink, depth: depth)
    }
}

/// The elements of an array that is being written.
struct JSONElements: UnkeyedEncodingContainer {
    let sink: JSONSink
    let depth: Int
    private(set) var count = 0

    init(sink: JSONSink, depth: Int) {
        self.sink = sink
        self.depth = depth
    }

    var codingPath: [any CodingKey] { [] }

    private mutating func next() {
        sink.nextElement(at: depth)
        count += 1
    }

    mutating func encodeNil() {
        next()
        sink.write(literal: "null")
    }

    mutating func encode(_ value: some Encodable) throws {
        next()
        try JSONSinkEncoder(sink, depth: depth).encodeWhole(value)
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        next()
        return JSONSinkEncoder(sink, depth: depth).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        next()
        return JSONSinkEncoder(sink, depth: depth).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder {
        next()
        return JSONSinkEncoder(sink, depth: depth)
    }
}

/// One value that is being written.
struct JSONValue: SingleValueEncodingContainer {
    let encoder: JSONSinkEncoder

    var codingPath: [any CodingKey] { [] }

    func encodeNil() { encoder.sink.write(literal: "null") }
    func encode(_ value: Double) throws { try encoder.sink.write(value, []) }
    func encode(_ value: Float) throws { try encoder.sink.write(Double(value), []) }
    func encode(_ value: Bool) { encoder.sink.write(value) }
    func encode(_ value: String) { encoder.sink.write(value) }
    func encode(_ value: Int) { encoder.sink.write(value) }
    func encode(_ value: Int8) { encoder.sink.write(value) }
    func encode(_ value: Int16) { encoder.sink.write(value) }
    func encode(_ value: Int32) { encoder.sink.write(value) }
    func encode(_ value: Int64) { encoder.sink.write(value) }
    func encode(_ value: UInt) { encoder.sink.write(value) }
    func encode(_ value: UInt8) { encoder.sink.write(value) }
    func encode(_ value: UInt16) { encoder.sink.write(value) }
    func encode(_ value: UInt32) { encoder.sink.write(value) }
    func encode(_ value: UInt64) { encoder.sink.write(value) }
    func encode(_ value: some Encodable) throws { try encoder.encodeWhole(value) }
}
