public import Logging
import NetworkModel
public import ServiceLifecycle
import UnixSignals

#if canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// How both daemons start, run and end.
public enum Daemon {
    /// The logger of a daemon: lines on standard error, which systemd or a container's engine keeps.
    public static func logger(_ label: String, level: Logger.Level) -> Logger {
        var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        return logger
    }

    /// Runs services, started in their order, until SIGTERM or SIGINT, or until one of them ends: a dead service takes its process
    /// down.
    public static func run(_ services: [any Service], logger: Logger) async throws {
        // A client that hangs up is a failed write and not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // A log line for each step of the library's own life would say nothing of ours.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        try await group.run()
    }

    /// Prints why a daemon cannot go on, and ends it.
    public static func exit(with error: any Error, name: String) -> Never {
        let sentence = (error as? any Fault)?.message ?? "\(error)"
        fputs("\(name): \(sentence)\n", stderr)
        Glibc.exit(1)
    }
}
