import Glibc
public import Logging
import NIOCore
import NetworkModel
public import ServiceLifecycle
import UnixSignals

/// How both daemons start, run and end.
public enum Daemon {
    /// The logger of a daemon: lines on standard error, which systemd or a container's engine keeps.
    public static func logger(_ label: String, level: Logger.Level) -> Logger {
        var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        return logger
    }

    /// How long services may take to end when asked to, before they are cancelled.
    private static let patience = Duration.seconds(5)

    /// What must be settled before anything else is made: call it first.
    public static func prepare() {
        // A client that hangs up is a failed write and not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        raiseDescriptorLimit()
        // A worker serves one socket to a few clients, and memory is a goal: one event loop is plenty.
        NIOSingletons.groupLoopCountSuggestion = 1
        NIOSingletons.blockingPoolThreadCountSuggestion = 1
    }

    /// Each network costs a worker a handful of sockets, and the soft limit is 1,024 by habit (getrlimit(2)).
    private static func raiseDescriptorLimit() {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        setrlimit(resource, &limit)
    }

    /// Runs services, started in their order and ended in the reverse one, until SIGTERM or SIGINT, or until one of them ends: a dead
    /// service takes its process down.
    public static func run(_ services: [any Service], logger: Logger) async throws {
        // A log line for each step of the library's own life would say nothing of ours.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        var configuration = ServiceGroupConfiguration(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        configuration.maximumGracefulShutdownDuration = patience
        try await ServiceGroup(configuration: configuration).run()
    }

    /// `EX_USAGE` of sysexits.h: systemd does not start a service again after it.
    private static let usageError: Int32 = 64

    /// Prints why a daemon cannot go on, and ends it.
    public static func exit(with error: any Error, name: String) -> Never {
        let sentence = (error as? any Fault)?.message ?? "\(error)"
        let line = Array("\(name): \(sentence)\n".utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        Glibc.exit(error is InvalidValue ? usageError : 1)
    }
}
