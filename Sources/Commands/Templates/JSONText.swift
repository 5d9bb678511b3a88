extension TemplateValue {
    /// JSON on one line, as the template function `json` writes it.
    var json: String { jsonText(indent: nil) }

    /// JSON as `docker inspect` prints it: four spaces a level.
    var indentedJSON: String { jsonText(indent: "\n") }

    /// - Parameter indent: a line break with the indentation of this level, or nil for one line.
    private func jsonText(indent: String?) -> String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .integer(let value): String(value)
        case .number(let value): value.isFinite ? "\(value)" : "null"
        case .string(let text): Self.quoted(text)
        case .list(let items):
            Self.bracketed("[", items.map { item in { item.jsonText(indent: $0) } }, "]", indent: indent)
        case .map(let items):
            Self.bracketed("{", items.sorted { $0.key < $1.key }.map { Self.member($0.key, $0.value) }, "}", indent: indent)
        case .record(let record):
            Self.bracketed("{", record.fields.map { Self.member($0.name, $0.value) }, "}", indent: indent)
        }
    }

    private static func member(_ name: String, _ value: TemplateValue) -> (String?) -> String {
        { indent in quoted(name) + (indent == nil ? ":" : ": ") + value.jsonText(indent: indent) }
    }

    private static func bracketed(_ open: String, _ members: [(String?) -> String], _ close: String, indent: String?) -> String {
        guard !members.isEmpty else { return open + close }
        guard let indent else { return open + members.map { $0(nil) }.joined(separator: ",") + close }
        let inner = indent + "    "
        return open + inner + members.map { $0(inner) }.joined(separator: "," + inner) + indent + close
    }

    /// RFC 8259 section 7; like Go without its escapes for HTML.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            // Go escapes the line separators too: they end a line in JavaScript.
            case "\u{0}"..."\u{1f}", "\u{2028}", "\u{2029}": quoted += escape(scalar)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
