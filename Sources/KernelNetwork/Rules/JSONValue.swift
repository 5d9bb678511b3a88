/// Any JSON, to be compared: what libnftables reads and writes.
enum JSONValue: Hashable, Sendable, Encodable {
    case null
    case boolean(Bool)
    case integer(Int)
    case text(String)
    case array([JSONValue])
    case object([String: JSONValue])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .boolean(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// Without the number that the kernel gave it.
    var withoutHandle: JSONValue {
        guard case .object(var members) = self else { return self }
        members["handle"] = nil
        return .object(members)
    }
}
