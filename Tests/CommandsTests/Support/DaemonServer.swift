import EngineAPI
import FaceKit
import Foundation
import Hummingbird
import Logging
import WorkerAPI

/// Serves a canned daemon on a unix socket of its own while `body` runs with the command line pointed at it.
func withDaemon<Result: Sendable>(
    _ daemon: CannedDaemon, isWorker: Bool = true, _ body: @escaping @Sendable (SkeinCommand) async throws -> Result
) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "skein-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let socket = folder.appending(path: "daemon.sock").path
    let router = Router()
    router.add(middleware: FaultResponses())
    EngineRoutes(backend: daemon).add(to: router)
    ClusterRoutes(backend: daemon).add(to: router)
    if isWorker {
        SandboxRoutes(backend: daemon).add(to: router)
        DoctorRoutes(backend: daemon).add(to: router)
        PublishedPortRoutes(backend: daemon).add(to: router)
    }
    let (starts, running) = AsyncStream<Void>.makeStream()
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let application = Application(
        router: router, configuration: ApplicationConfiguration(address: .unixDomainSocket(path: socket), serverName: "skein"),
        onServerRunning: { _ in running.finish() }, logger: logger)
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask {
            try await application.run()
            return nil
        }
        group.addTask {
            for await _ in starts {}
            return try await body(SkeinCommand(host: "unix://\(socket)"))
        }
        defer { group.cancelAll() }
        while let result = try await group.next() {
            if let result { return result }
        }
        throw CancellationError()
    }
}
