import HTTPTransport

extension Server {
    /// Sends a call's body as it is.
    func post(_ call: String, _ body: String) async throws -> HTTPResponse {
        try await http.send(request(call, body))
    }

    func get(_ path: String) async throws -> HTTPResponse {
        try await http.send(HTTPRequest(method: "GET", url: url(path)))
    }

    /// Opens a stream of frames.
    func stream(_ call: String, _ body: String) async throws -> Frames {
        var request = request(call, body)
        request.timeout = nil
        return Frames(try await http.stream(request))
    }

    private func request(_ call: String, _ body: String) -> HTTPRequest {
        var request = HTTPRequest(method: "POST", url: url("v3/" + call))
        request.body = Array(body.utf8)
        // The machine may be slow, and no test is about that.
        request.timeout = .seconds(60)
        return request
    }

    private func url(_ path: String) -> String { "http://127.0.0.1:\(port)/\(path)" }
}

/// The lines of a streamed answer.
struct Frames {
    private let stream: HTTPStream
    private var bytes: [UInt8] = []

    init(_ stream: HTTPStream) {
        self.stream = stream
    }

    /// The next line, or nil at the end of the stream.
    mutating func next() async throws -> JSON? {
        while true {
            if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                defer { bytes.removeFirst(end + 1) }
                return try JSON(bytes[..<end])
            }
            guard let more = try await stream.next() else { return nil }
            bytes += more
        }
    }
}
