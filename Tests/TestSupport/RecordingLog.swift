public import Logging
import Synchronization

/// Keeps the lines of a log.
public final class RecordingLog: Sendable {
    private let lines = Mutex<[String]>([])

    public init() {}

    /// Everything.
    public var text: String { lines.withLock { $0.joined(separator: "\n") } }

    /// Those of a level, each with its metadata.
    public func lines(_ level: Logger.Level) -> [String] {
        lines.withLock { $0.filter { $0.hasPrefix("\(level): ") } }
    }

    public var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: RecordingLog
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let facts = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            log.lines.withLock { $0.append("\(event.level): \(event.message) \(facts)") }
        }
    }
}
