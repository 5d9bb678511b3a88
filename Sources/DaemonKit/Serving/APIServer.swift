import Glibc
public import Hummingbird
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
    private let clock: any Clock<Duration>
    private let logger: Logger

    /// How long a request under way may still take.
    private static var patience: Duration { .milliseconds(300) }

    public init(_ responder: Responder, at address: ListenAddress, clock: any Clock<Duration>, logger: Logger) {
        self.responder = responder
        self.address = address
        self.clock = clock
        self.logger = logger
    }

    public func run() async throws {
        if case .unix(let path) = address { try SocketFile.prepare(path) }
        let application = application()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(application) }
            group.addTask {
                try? await gracefulShutdown()
                try? await clock.sleep(for: Self.patience)
            }
            defer { group.cancelAll() }
            try await group.next()
        }
        if case .unix(let path) = address { unlink(path) }
    }

    private func application() -> Application<Responder> {
        let (address, logger) = (address, logger)
        var quiet = logger
        quiet.handler = WithoutServerLines(logger.handler)
        quiet.logLevel = max(logger.logLevel, .warning)
        return Application(
            responder: responder, configuration: ApplicationConfiguration(address: address.bindAddress, serverName: "skein"),
            onServerRunning: { _ in
                // Docker's mode: root and the socket's group.
                if case .unix(let path) = address { chmod(path, 0o660) }
                logger.info("serving", metadata: ["address": "\(address)"])
            }, logger: quiet)
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
    fileprivate var bindAddress: BindAddress {
        switch self {
        case .unix(let path): .unixDomainSocket(path: path)
        case .tcp(let host, let port): .hostname(host, port: Int(port))
        }
    }
}
