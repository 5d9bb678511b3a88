public import NetworkModel

/// An answer, or a part of one, that reads itself member by member: those to transactions and lists and on watches, which come in numbers.
public protocol EtcdReadable: Decodable {
    /// - Throws: a `DecodingError` that tells where.
    init(_ node: JSONNode) throws
}

extension EtcdReadable {
    public init(from decoder: any Decoder) throws {
        try self.init(JSONNode.of(decoder))
    }
}

/// What may be left out, and is then zero or empty (proto3's JSON mapping).
extension Optional<JSONNode> {
    func bytes() throws -> [UInt8] {
        guard let self else { return [] }
        guard let bytes = try self.withText({ Base64.bytes(of: $0) }) else { throw self.flaw("not base64") }
        return bytes
    }

    func integer<Value: FixedWidthInteger>() throws -> Value {
        guard let self else { return 0 }
        guard !self.isNumber else { return try self.integer() }
        guard let value: Value = try self.decimal() else { throw self.flaw("not a decimal integer") }
        return value
    }

    func bool() throws -> Bool { try self?.bool() ?? false }
    func string() throws -> String { try self?.string() ?? "" }
    func message<Message: EtcdReadable>() throws -> Message? { try map(Message.init) }
    func messages<Message: EtcdReadable>() throws -> [Message] { try self?.elements(Message.init) ?? [] }
    func header() throws -> EtcdResponseHeader { try message() ?? EtcdResponseHeader() }
}
