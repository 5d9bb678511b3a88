/// A request's target.
struct APITarget: Hashable, Sendable {
    private(set) var text: String

    /// - Parameters:
    ///   - parts: the path's components, which may hold any character.
    init(_ parts: [String], query: [(String, String)] = []) {
        text = "/" + parts.map(Self.escaped).joined(separator: "/")
        let items = query.map { "\(Self.escaped($0))=\(Self.escaped($1))" }
        if !items.isEmpty { text += "?" + items.joined(separator: "&") }
    }

    init(_ parts: String..., query: [(String, String)] = []) {
        self.init(parts, query: query)
    }

    /// RFC 3986 section 2.3: all but the unreserved characters.
    static func escaped(_ text: String) -> String {
        text.utf8.reduce(into: "") { escaped, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}
