import ClusterStore
import HTTPTransport
import Hummingbird
import Logging
import StoreAPI

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A store's API on a socket of the loopback.
struct Server: Sendable {
    let port: UInt16
    let http: HTTPClient

    /// Serves a store for as long as a body runs.
    static func run(
        _ store: any RawStore, maintenance: (any StoreMaintenance)? = nil, _ body: @escaping @Sendable (Server) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let router = Router()
        StoreRoutes(store: store, maintenance: maintenance).add(to: router)
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) }, logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await port in ports {
                try await body(Server(port: UInt16(port), http: try HTTPClient(logger: quiet)))
                break
            }
            group.cancelAll()
        }
    }
}
