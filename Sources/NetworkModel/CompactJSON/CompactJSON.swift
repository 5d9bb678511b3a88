/// JSON (RFC 8259) of `Codable` values, for what is read and written by the ten thousand: records, and a store's messages.
///
/// It does what Foundation's coders do with their default settings, in a fraction of their time: text is cut into tokens in one pass, and a
/// value is made from the tokens. Members are written in the order in which the value tells them; slashes are not escaped.
public enum CompactJSON {
    /// - Throws: what the value throws; an `EncodingError` for a number that JSON has no form of.
    public static func encode(_ value: some Encodable) throws -> [UInt8] {
        let sink = JSONSink()
        try JSONSinkEncoder(sink, depth: 0).encodeWhole(value)
        return sink.bytes
    }

    /// - Throws: a `DecodingError` that tells where and why.
    public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try decode(type, from: bytes[...])
    }

    /// - Throws: a `DecodingError` that tells where and why.
    public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: ArraySlice<UInt8>) throws -> Value {
        let tape: JSONTape
        do {
            tape = try JSONTape(bytes)
        } catch {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: [], debugDescription: "not valid JSON: \(error.what) at byte \(error.offset)"))
        }
        return try JSONNode(tape, at: 0).decode(type)
    }
}

/// A key that no type declares: an index, or a name that is not known beforehand.
struct JSONKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = "Index \(intValue)"
        self.intValue = intValue
    }

    static let superKey = JSONKey(stringValue: "super")
}
