import EngineAPI
import FaceKit
import Hummingbird
import Logging
import NIOCore

/// Serves the API over a canned backend on a real socket while `body` runs.
func withEngine<Result: Sendable>(
    _ backend: CannedBackend, at address: BindAddress = .hostname("127.0.0.1", port: 0),
    _ body: @escaping @Sendable (EngineServer) async throws -> Result
) async throws -> Result {
    let router = Router()
    router.add(middleware: FaultResponses())
    EngineRoutes(backend: backend).add(to: router)
    let (addresses, running) = AsyncStream<SocketAddress>.makeStream()
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let application = Application(
        router: router, configuration: ApplicationConfiguration(address: address, serverName: "skein"),
        onServerRunning: { channel in
            if let address = channel.localAddress { running.yield(address) }
            running.finish()
        }, logger: logger)
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask {
            try await application.run()
            return nil
        }
        group.addTask {
            for await address in addresses { return try await body(EngineServer(address: address)) }
            return nil
        }
        defer { group.cancelAll() }
        while let result = try await group.next() {
            if let result { return result }
        }
        throw CancellationError()
    }
}

/// A server that runs, and raw bytes to and from it.
struct EngineServer: Sendable {
    let address: SocketAddress

    /// What `docker -H` takes.
    var host: String {
        if let path = address.pathname { return "unix://\(path)" }
        return "tcp://127.0.0.1:\(address.port ?? 0)"
    }

    /// Sends bytes on a connection of its own and returns all that comes until the server closes it.
    func exchange(_ text: String) async throws -> String {
        try await withRawConnection(to: address) { connection in
            try await connection.send(text)
            return try await connection.readToEnd()
        }
    }

    /// One request, answered with the connection closed behind it.
    func request(_ method: String, _ path: String, body: String? = nil, type: String? = "application/json") async throws -> RawAnswer {
        var text = "\(method) \(path) HTTP/1.1\r\nHost: skein\r\nConnection: close\r\n"
        if let body {
            if let type { text += "Content-Type: \(type)\r\n" }
            text += "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        } else {
            text += "\r\n"
        }
        return try RawAnswer(try await exchange(text))
    }
}
