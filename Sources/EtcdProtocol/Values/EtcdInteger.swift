/// A 64-bit integer as the gateway writes it: decimal text, since JSON's numbers lose digits; absent when 0. Numbers are read too.
@propertyWrapper
public struct EtcdInteger<Value: FixedWidthInteger & Codable & Sendable>: Codable, Hashable, Sendable {
    public var wrappedValue: Value

    public init(wrappedValue: Value) {
        self.wrappedValue = wrappedValue
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            guard let value = Value(text) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a decimal integer")
            }
            wrappedValue = value
        } else {
            wrappedValue = try container.decode(Value.self)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(String(wrappedValue))
    }
}

extension KeyedDecodingContainer {
    func decode<Value>(_ type: EtcdInteger<Value>.Type, forKey key: Key) throws -> EtcdInteger<Value> {
        guard contains(key) else { return EtcdInteger(wrappedValue: 0) }
        guard let text = try? decode(String.self, forKey: key) else {
            return EtcdInteger(wrappedValue: try decodeIfPresent(Value.self, forKey: key) ?? 0)
        }
        guard let value = Value(text) else {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "not a decimal integer")
        }
        return EtcdInteger(wrappedValue: value)
    }
}

extension KeyedEncodingContainer {
    mutating func encode<Value>(_ value: EtcdInteger<Value>, forKey key: Key) throws {
        guard value.wrappedValue != 0 else { return }
        try encode(String(value.wrappedValue), forKey: key)
    }
}
