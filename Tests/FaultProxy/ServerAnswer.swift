import Foundation
import TestSupport

/// A whole answer of a server.
struct ServerAnswer: Hashable, Sendable {
    /// Status and fields, each on a line, without those that say how long it is.
    var head: String
    var body: [UInt8]

    var bytes: [UInt8] { Array("\(head)\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body }

    /// What a client is given whose answer is made up.
    init(status: String, body: String) {
        head = "HTTP/1.1 \(status)\r\nContent-Type: application/json"
        self.body = Array(body.utf8)
    }

    init(_ head: AnswerHead, body: [UInt8]) {
        let fields = head.lines.filter { line in
            !["content-length:", "transfer-encoding:"].contains { line.lowercased().hasPrefix($0) }
        }
        self.head = fields.joined(separator: "\r\n")
        self.body = body
    }

    /// The answer with a fault on it.
    func with(_ fault: Fault?) -> ServerAnswer {
        var answer = self
        switch fault {
        case .truncate: answer.body = Array(body.prefix(body.count / 2))
        case .corrupt: answer.body = corrupted(body)
        case .replace(let other, let status): answer = ServerAnswer(status: status, body: other)
        case .replaceBody(let other): answer.body = Array(other.utf8)
        default: break
        }
        return answer
    }
}

/// Other bytes in the middle, which are not UTF-8 either.
func corrupted(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for index in bytes.indices where index > bytes.count / 2 - 4 && index <= bytes.count / 2 { bytes[index] = 0xff }
    return bytes
}

struct AnswerHead: Hashable, Sendable {
    let lines: [String]

    init(_ text: String) {
        lines = text.components(separatedBy: "\r\n")
    }

    private func field(_ name: String) -> String? {
        lines.first { $0.lowercased().hasPrefix(name + ":") }.map { String($0.dropFirst(name.count + 1).drop { $0 == " " }) }
    }

    var isChunked: Bool { field("transfer-encoding")?.lowercased() == "chunked" }
    var length: Int? { field("content-length").flatMap { Int($0) } }
    /// RFC 9110 section 6.4.1.
    var hasNoBody: Bool { [" 204", " 304"].contains { lines[0].contains($0) } }
}

/// Reads a server's answers, until the client is gone.
struct ServerReader {
    let connection: FakeConnection
    let client: FakeConnection
    private var unread: [UInt8] = []

    init(_ connection: FakeConnection, for client: FakeConnection) {
        self.connection = connection
        self.client = client
    }

    mutating func head() throws -> AnswerHead {
        AnswerHead(String(decoding: try bytes(before: Array("\r\n\r\n".utf8)), as: UTF8.self))
    }

    mutating func body(of head: AnswerHead) throws -> [UInt8] {
        if head.hasNoBody { return [] }
        guard head.isChunked else { return try bytes(head.length ?? 0) }
        var body: [UInt8] = []
        while let chunk = try chunk() { body += chunk }
        return body
    }

    /// The next piece of a body that comes in pieces; nil at its end.
    mutating func chunk() throws -> [UInt8]? {
        let size = Int(String(decoding: try bytes(before: [0x0d, 0x0a]), as: UTF8.self), radix: 16) ?? 0
        let piece = try bytes(size)
        _ = try bytes(before: [0x0d, 0x0a])
        return size > 0 ? piece : nil
    }

    private mutating func bytes(_ count: Int) throws -> [UInt8] {
        while unread.count < count { try more() }
        defer { unread.removeFirst(count) }
        return Array(unread.prefix(count))
    }

    private mutating func bytes(before end: [UInt8]) throws -> [UInt8] {
        while true {
            if let range = unread.firstRange(of: end) {
                defer { unread.removeFirst(range.upperBound) }
                return Array(unread[..<range.lowerBound])
            }
            try more()
        }
    }

    private mutating func more() throws {
        guard connection.waitForBytes(unlessGone: client) else { throw TestProblem("the client is gone") }
        guard let bytes = connection.read() else { throw TestProblem("the server has closed") }
        unread += bytes
    }
}
