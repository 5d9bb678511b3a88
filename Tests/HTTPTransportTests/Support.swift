import HTTPTransport
import Logging
import TestSupport
import Testing

extension HTTPClient {
    convenience init() throws {
        try self.init(logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }
}

extension FakeServer {
    func request(_ method: String = "GET", _ path: String = "/", body: String = "") -> HTTPRequest {
        HTTPRequest(method: method, url: "http://127.0.0.1:\(port)\(path)", body: Array(body.utf8), timeout: .seconds(60))
    }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// The error that an operation ends with.
func failure(_ operation: () async throws -> Void) async throws -> HTTPError {
    do {
        try await operation()
    } catch let error as HTTPError {
        return error
    }
    throw TestProblem("it should have failed")
}
