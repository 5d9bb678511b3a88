/// A type with the value that proto3 leaves out of a message.
public protocol EtcdZero {
    static var etcdZero: Self { get }
}

extension Bool: EtcdZero {
    public static var etcdZero: Bool { false }
}

extension String: EtcdZero {
    public static var etcdZero: String { "" }
}

extension Array: EtcdZero {
    public static var etcdZero: [Element] { [] }
}

/// A field that is absent when it has its type's zero value.
@propertyWrapper
public struct EtcdOmitted<Value: EtcdZero & Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    public var wrappedValue: Value

    public init(wrappedValue: Value) {
        self.wrappedValue = wrappedValue
    }

    public init(from decoder: any Decoder) throws {
        wrappedValue = try decoder.singleValueContainer().decode(Value.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}

extension KeyedDecodingContainer {
    func decode<Value>(_ type: EtcdOmitted<Value>.Type, forKey key: Key) throws -> EtcdOmitted<Value> {
        EtcdOmitted(wrappedValue: try decodeIfPresent(Value.self, forKey: key) ?? .etcdZero)
    }
}

extension KeyedEncodingContainer {
    mutating func encode<Value>(_ value: EtcdOmitted<Value>, forKey key: Key) throws {
        guard value.wrappedValue != .etcdZero else { return }
        try encode(value.wrappedValue, forKey: key)
    }
}
