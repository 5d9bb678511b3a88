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
        if line.starts(with: "HTTP/".utf8) {
            let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
            self = HTTPHead()
            status = words.count > 1 ? Int(Self.text(words[1].prefix { (0x30...0x39).contains($0) })) ?? 0 : 0
            return false
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return status >= 200 }
        headers.append(Self.text(line[..<colon]), Self.text(line[line.index(after: colon)...]))
        return false
    }

    /// Bytes of the body that the head announces, if it does.
    var announcedLength: Int? { headers["content-length"].flatMap { Int($0) } }

    /// Without the spaces and line breaks around it.
    private static func text(_ bytes: some BidirectionalCollection<UInt8>) -> String {
        var bytes = bytes[...]
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
        while let last = bytes.last, last == 0x20 || (0x09...0x0d).contains(last) { bytes = bytes.dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
