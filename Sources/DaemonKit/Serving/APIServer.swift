public import Hummingbird
public import HummingbirdCore
public import Logging
import NetworkModel
public import ServiceLifecycle

/// Serves one router at one address for as long as the process lives.
///
/// Asked to end, it takes no more requests and lets those under way finish, for a moment: a stream of events has no end of its own.
public struct APIServer<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    private let responder: Responder
    private let address: ListenAddress
    private let group: SocketGroup?
    private let form: HTTPServerBuilder
    private let clock: any Clock<Duration>
    private let logger: Logger

    /// How long a request under way may still take.
    private static var patience: Duration { .milliseconds(300) }

    /// - Parameters:
    ///   - group: who besides root may use a unix socket.
    ///   - form: how requests travel; TLS is a form.
    public init(
        _ responder: Responder, at address: ListenAddress, for group: SocketGroup? = nil, as form: HTTPServerBuilder = .http1(),
        clock: any Clock<Duration>, logger: Logger
    ) {
        self.responder = responder
        self.address = address
        self.group = group
        self.form = form
        self.clock = clock
        self.logger = logger
    }

    public func run() async throws {
        let socket = try socketFile()
        defer { socket?.remove() }
        let (failures, failure) = AsyncThrowingStream<Never, any Error>.makeStream()
        let application = application(at: socket?.staged) {
            do {
                try socket?.publish(to: group)
                logger.info("serving", metadata: ["address": "\(address)"])
            } catch {
                failure.finish(throwing: error)
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(application) }
            group.addTask {
                try? await gracefulShutdown()
                try? await clock.sleep(for: Self.patience)
            }
            group.addTask { for try await _ in failures {} }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func socketFile() throws(DaemonError) -> SocketFile? {
        guard case .unix(let path) = address else { return nil }
        return try SocketFile(preparing: path)
    }

    private func application(at staged: String?, _ isServing: @escaping @Sendable () -> Void) -> Application<Responder> {
        var quiet = logger
        quiet.handler = WithoutServerLines(logger.handler)
        quiet.logLevel = max(logger.logLevel, .warning)
        return Application(
            responder: responder, server: form,
            configuration: ApplicationConfiguration(address: address.bindAddress(staged), serverName: "skein"),
            onServerRunning: { _ in isServing() }, logger: quiet)
    }

    private func serve(_ application: Application<Responder>) async throws {
        do {
            try await application.run()
        } catch is CancellationError {
            // What was still under way has had its moment.
        } catch let error as DaemonError {
            throw error
        } catch {
            throw DaemonError(.unavailable, "cannot serve at \(address): \(error)")
        }
    }
}

extension ListenAddress {
    fileprivate func bindAddress(_ staged: String?) -> BindAddress {
        switch self {
        case .unix(let path): .unixDomainSocket(path: staged ?? path)
        case .tcp(let host, let port): .hostname(host, port: Int(port))
        }
    }
}
