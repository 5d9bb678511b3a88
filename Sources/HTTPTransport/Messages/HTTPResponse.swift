/// A whole answer.
public struct HTTPResponse: Hashable, Sendable {
    public let status: Int
    public let headers: HTTPHeaders
    public let body: [UInt8]

    public init(status: Int, headers: HTTPHeaders = [:], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// What precedes the body of an answer.
struct HTTPHead: Hashable, Sendable {
    var status = 0
    var headers = HTTPHeaders()

    /// Takes a line as it was received; a status line begins anew, since an interim answer may precede the final one.
    ///
    /// - Returns: whether the head of the final answer is complete with it.
    mutating func take(line: some BidirectionalCollection<UInt8>) -> Bool {
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            let words = text.split(separator: " ", maxSplits: 2)
            self = HTTPHead()
            status = words.count > 1 ? Int(words[1].prefix { $0.isNumber }) ?? 0 : 0
            return false
        }
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return status >= 200 }
        headers.append(Self.trimmed(text[..<colon]), Self.trimmed(text[text.utf8.index(after: colon)...]))
        return false
    }

    /// Bytes of the body that the head announces, if it does.
    var announcedLength: Int? { headers["content-length"].flatMap { Int($0) } }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.utf8[...]
        while let first = text.first, first == 0x20 || first == 0x09 { text = text.dropFirst() }
        while let last = text.last, last == 0x20 || (0x09...0x0d).contains(last) { text = text.dropLast() }
        return String(Substring(text))
    }
}
