public import Hummingbird
public import Logging
public import ServiceLifecycle

#if canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Serves one router at one address for as long as the process lives.
public struct APIServer<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    private let responder: Responder
    private let address: ListenAddress
    private let logger: Logger

    public init(_ responder: Responder, at address: ListenAddress, logger: Logger) {
        self.responder = responder
        self.address = address
        self.logger = logger
    }

    public func run() async throws {
        let address = address
        let logger = logger
        if case .unix(let path) = address { try SocketFile.prepare(path) }
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            responder: responder, configuration: ApplicationConfiguration(address: address.bindAddress, serverName: "skein"),
            onServerRunning: { _ in
                // Docker's mode: root and the socket's group.
                if case .unix(let path) = address { chmod(path, 0o660) }
                logger.info("serving", metadata: ["address": "\(address)"])
            }, logger: quiet)
        do {
            try await application.run()
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
