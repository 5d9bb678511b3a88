import HTTPTransport
import Hummingbird
import Logging
import SecureServing
import TestSupport

/// A server on a port of 127.0.0.1.
struct SecureServer: Sendable {
    let port: Int
    let log: RecordingLog

    var url: String { "https://127.0.0.1:\(port)/hello" }

    /// Asks with a connection of its own.
    func ask(_ tls: TLSFiles?, url: String? = nil) async throws(HTTPTransport.HTTPError) -> HTTPTransport.HTTPResponse {
        let client = try HTTPClient(tls: tls, logger: RecordingLog().logger)
        return try await client.send(HTTPTransport.HTTPRequest(url: url ?? self.url, connectTimeout: .seconds(20), timeout: .seconds(20)))
    }

    /// The error of a request that fails.
    func refusal(_ tls: TLSFiles?) async -> HTTPTransport.HTTPError? {
        do throws(HTTPTransport.HTTPError) {
            _ = try await ask(tls)
            return nil
        } catch {
            return error
        }
    }
}

/// Serves while `body` runs.
func serving(_ files: ServerTLSFiles, _ body: @escaping @Sendable (SecureServer) async throws -> Void) async throws {
    let log = RecordingLog()
    let certificates = try ServerCertificates(files, logger: log.logger)
    let router = Router(context: BasicRequestContext.self)
    router.get("hello") { _, _ in "hello" }
    router.post("hello") { request, _ in "\(try await request.body.collect(upTo: 10_000_000).readableBytes)" }
    let (ports, port) = AsyncStream<Int>.makeStream()
    let application = Application(
        router: router, server: .secure(certificates, logger: log.logger),
        configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { port.yield($0.localAddress?.port ?? 0) }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await application.run() }
        group.addTask {
            for await port in ports {
                try await body(SecureServer(port: port, log: log))
                return
            }
        }
        defer { group.cancelAll() }
        try await group.next()
    }
}
