/// Bytes as the gateway writes them: base64 text; absent when empty (proto3's JSON mapping).
@propertyWrapper
public struct EtcdBytes: Codable, Hashable, Sendable {
    public var wrappedValue: [UInt8]

    public init(wrappedValue: [UInt8]) {
        self.wrappedValue = wrappedValue
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let bytes = EtcdBytes.bytes(of: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not base64")
        }
        wrappedValue = bytes
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    var text: String { String(decoding: Base64.text(of: wrappedValue), as: UTF8.self) }

    static func bytes(of text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { Base64.bytes(of: $0) }
    }
}

extension KeyedDecodingContainer {
    func decode(_ type: EtcdBytes.Type, forKey key: Key) throws -> EtcdBytes {
        guard let text = try decodeIfPresent(String.self, forKey: key) else { return EtcdBytes(wrappedValue: []) }
        guard let bytes = EtcdBytes.bytes(of: text) else {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "not base64")
        }
        return EtcdBytes(wrappedValue: bytes)
    }
}

extension KeyedEncodingContainer {
    mutating func encode(_ value: EtcdBytes, forKey key: Key) throws {
        guard !value.wrappedValue.isEmpty else { return }
        try encode(value.text, forKey: key)
    }
}
