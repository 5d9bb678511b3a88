public import NetworkModel

/// Bytes that are not what etcd's gateway writes.
public struct EtcdFormatError: Fault, Hashable {
    public let message: String
    public var kind: FaultKind { .invalid }

    public init(_ message: String) {
        self.message = message
    }
}

/// Messages to JSON and back.
public enum EtcdJSON {
    /// - Throws: ``EtcdFormatError``; none of this module's messages does.
    public static func encode(_ message: some Encodable) throws(EtcdFormatError) -> [UInt8] {
        do {
            return try CompactJSON.encode(message)
        } catch {
            throw EtcdFormatError("cannot write \(type(of: message)) as JSON: \(error)")
        }
    }

    public static func decode<Message: Decodable>(
        _ type: Message.Type, from bytes: some Sequence<UInt8>
    ) throws(EtcdFormatError) -> Message {
        try decode(type, from: (bytes as? [UInt8] ?? Array(bytes))[...])
    }

    public static func decode<Message: Decodable>(
        _ type: Message.Type, from bytes: ArraySlice<UInt8>
    ) throws(EtcdFormatError) -> Message {
        do {
            return try CompactJSON.decode(type, from: bytes)
        } catch {
            throw EtcdFormatError("not a JSON message of etcd's \(type): \(summary(of: error))")
        }
    }

    private static func summary(of error: any Error) -> String {
        guard let error = error as? DecodingError else { return String(describing: error) }
        let (context, what): (DecodingError.Context, String) =
            switch error {
            case .keyNotFound(let key, let context): (context, "no '\(key.stringValue)'")
            case .valueNotFound(_, let context), .typeMismatch(_, let context), .dataCorrupted(let context):
                (context, context.debugDescription)
            @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), String(describing: error))
            }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? what : "\(what) at '\(path)'"
    }
}
