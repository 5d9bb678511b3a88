/// The members of an object.
struct TapeMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: TapeDecoder

    var codingPath: [any CodingKey] { decoder.codingPath }
    var allKeys: [Key] { decoder.names.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { decoder.member(key) != nil }

    private func value(_ key: some CodingKey) throws -> JSONNode {
        guard let node = decoder.member(key) else { throw decoder.missing(key) }
        return node
    }

    func decodeNil(forKey key: Key) throws -> Bool { try value(key).isNull }
    func decode(_: Bool.Type, forKey key: Key) throws -> Bool { try value(key).bool() }
    func decode(_: String.Type, forKey key: Key) throws -> String { try value(key).string() }
    func decode(_: Double.Type, forKey key: Key) throws -> Double { try value(key).double() }
    func decode(_: Float.Type, forKey key: Key) throws -> Float { Float(try value(key).double()) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(key).integer(type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try value(key).integer(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try value(key).integer(type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try value(key).integer(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(key).integer(type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try value(key).integer(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try value(key).integer(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try value(key).integer(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try value(key).integer(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try value(key).integer(type) }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try value(key).decode(type) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<Nested> {
        try TapeDecoder(value(key)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try TapeDecoder(value(key)).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { TapeDecoder(try value(JSONKey.superKey)) }
    func superDecoder(forKey key: Key) throws -> any Decoder { TapeDecoder(try value(key)) }
}

/// The elements of an array.
struct TapeElements: UnkeyedDecodingContainer {
    private let node: JSONNode
    private var position: Int
    private(set) var currentIndex = 0

    init(_ node: JSONNode) {
        self.node = node
        position = node.index + 1
    }

    var codingPath: [any CodingKey] { node.tape.path(to: node.index) }
    var isAtEnd: Bool { position >= node.token.next }

    var count: Int? {
        var (count, position) = (0, node.index + 1)
        while position < node.token.next {
            position = node.tape.tokens[position].next
            count += 1
        }
        return count
    }

    private func current(_ type: Any.Type) throws -> JSONNode {
        guard !isAtEnd else {
            let path = codingPath + [JSONKey(intValue: currentIndex)]
            throw DecodingError.valueNotFound(
                type, DecodingError.Context(codingPath: path, debugDescription: "the array has no more elements"))
        }
        return JSONNode(node.tape, at: position)
    }

    /// Goes on only when the element could be read.
    private mutating func take<Value>(_ type: Any.Type, _ read: (JSONNode) throws -> Value) throws -> Value {
        let value = try read(try current(type))
        position = node.tape.tokens[position].next
        currentIndex += 1
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard try current(Any?.self).isNull else { return false }
        return try take(Any?.self) { _ in true }
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try take(type) { try $0.bool() } }
    mutating func decode(_ type: String.Type) throws -> String { try take(type) { try $0.string() } }
    mutating func decode(_ type: Double.Type) throws -> Double { try take(type) { try $0.double() } }
    mutating func decode(_ type: Float.Type) throws -> Float { try take(type) { Float(try $0.double()) } }
    mutating func decode(_ type: Int.Type) throws -> Int { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try take(type) { try $0.integer(type) } }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try take(type) { try $0.integer(type) } }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try take(type) { try $0.decode(type) } }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        try take([String: Any].self) { try TapeDecoder($0).container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try take([Any].self) { try TapeDecoder($0).unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder { try take(Any.self) { TapeDecoder($0) } }
}

/// One value.
struct TapeValue: SingleValueDecodingContainer {
    let decoder: TapeDecoder

    private var node: JSONNode { decoder.node }
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { node.isNull }
    func decode(_: Bool.Type) throws -> Bool { try node.bool() }
    func decode(_: String.Type) throws -> String { try node.string() }
    func decode(_: Double.Type) throws -> Double { try node.double() }
    func decode(_: Float.Type) throws -> Float { Float(try node.double()) }
    func decode(_ type: Int.Type) throws -> Int { try node.integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try node.integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try node.integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try node.integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try node.integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try node.integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try node.integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try node.integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try node.integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try node.integer(type) }
    func decode<Value: Decodable>(_: Value.Type) throws -> Value { try Value(from: decoder) }
}
