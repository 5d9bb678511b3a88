/// A path of Docker's API below its version, with a query: its parts are escaped.
struct DockerPath: Sendable {
    private let segments: [String]
    private var query: [(name: String, value: String)] = []

    init(_ segments: String...) {
        self.segments = segments
    }

    func with(_ name: String, _ value: String) -> DockerPath {
        var path = self
        path.query.append((name, value))
        return path
    }

    /// Docker's `filters`, in the form that old engines and new ones read.
    func filtered(by filters: [String: [String]]) throws(EngineError) -> DockerPath {
        with("filters", String(decoding: try DockerJSON.encode(filters), as: UTF8.self))
    }

    /// - Parameter version: such as `1.41`; nil for the paths that need none.
    func url(version: DockerVersion?) -> String {
        let parts = ([version.map { "v\($0)" }].compactMap(\.self) + segments).map(Self.escaped).joined(separator: "/")
        let query = query.map { "\($0.name)=\(Self.escaped($0.value))" }.joined(separator: "&")
        // The host is named for HTTP's sake: the socket says who is asked.
        return "http://engine/\(parts)" + (query.isEmpty ? "" : "?\(query)")
    }

    /// RFC 3986 section 2.3: what is not unreserved is escaped.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}
