/// A value with one canonical text form, which is also how it is coded.
///
/// Conforming types are coded as that single string, so records stay readable in `etcdctl get`.
public protocol TextValue: Codable, Hashable, Sendable, CustomStringConvertible {
    /// Reads the canonical form and the other forms users write.
    /// - Throws: ``InvalidValue`` naming the text and the form expected.
    init(_ text: String) throws(InvalidValue)

    /// The same of UTF-8, for what need not become a string on the way.
    init(utf8 text: UnsafeBufferPointer<UInt8>) throws(InvalidValue)
}

extension TextValue {
    public init(utf8 text: UnsafeBufferPointer<UInt8>) throws(InvalidValue) {
        try self.init(String(decoding: text, as: UTF8.self))
    }

    public init(from decoder: any Decoder) throws {
        if let node = JSONNode(decoder) {
            self = try node.text()
            return
        }
        let container = try decoder.singleValueContainer()
        do {
            try self.init(try container.decode(String.self))
        } catch let invalid as InvalidValue {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: invalid.message)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
