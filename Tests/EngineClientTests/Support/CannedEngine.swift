import EngineClient
import HTTPTransport
import Logging
import NetworkModel
import TestSupport

/// An engine of canned bytes on a unix socket of its own.
final class CannedEngine: Sendable {
    /// What is answered to a method and path below the version; nil for Docker's "page not found".
    typealias Answer = @Sendable (_ line: String, _ connection: FakeConnection) throws -> Void

    private let folder: TemporaryFolder
    private let server: FakeServer
    let engine: DockerEngine

    init(
        version: String = Captured.version, clock: any Clock<Duration> = ContinuousClock(), _ answer: @escaping Answer = { _, _ in }
    ) throws {
        folder = try TemporaryFolder()
        let socket = folder.file("docker.sock")
        engine = try DockerEngine(at: socket, clock: clock)
        server = try FakeServer(on: .unix(socket)) { connection in
            while let request = connection.request() {
                if request.line == "GET /version" {
                    try connection.answer(version, headers: ["Date: Tue, 24 Nov 2026 23:55:19 GMT"])
                } else {
                    try answer(request.line, connection)
                }
            }
        }
    }

    /// The requests so far but those for the version: method and path.
    var lines: [String] { server.requests.map(\.line).filter { $0 != "GET /version" } }
    var bodies: [String] { server.requests.map(\.body).filter { !$0.isEmpty } }
    /// The requests, with what the client has said besides.
    var heads: [String] { server.requests.map(\.head) }
}

extension DockerEngine {
    init(at socket: String, clock: any Clock<Duration> = ContinuousClock()) throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        self.init(
            socket: socket, http: try HTTPClient(logger: logger), clock: clock, randomness: SeededRandomness(seed: 1), logger: logger)
    }
}

extension FakeConnection {
    func answer(_ body: String, headers: [String], status: String = "200 OK") throws {
        let fields = (headers + ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"]).joined(separator: "\r\n")
        try send("HTTP/1.1 \(status)\r\n\(fields)\r\n\r\n\(body)")
    }

    func beginEvents() throws {
        try send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    }
}

/// The error that an operation ends with.
func failure(_ operation: () async throws -> Void) async throws -> EngineError {
    do {
        try await operation()
    } catch let error as EngineError {
        return error
    }
    throw TestProblem("it should have failed")
}
