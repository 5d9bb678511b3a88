import Logging
import Synchronization

/// What a worker last met with the container engine beside it.
struct EngineReport: Hashable, Sendable {
    /// Such as `unix:///var/run/docker.sock`.
    var location: String
    /// Why it does not answer.
    var fault: String?
    /// What the worker could not do for it, the latest last.
    var troubles: [String]
}

/// Keeps what the engine's side meets, for the log and for `skein doctor`: each trouble is logged once, for as long as it stays the same.
final class EngineStatus: Sendable {
    private struct State {
        var fault: String?
        var troubles: [(subject: String, sentence: String)] = []
    }

    private let location: String
    private let logger: Logger
    private let state = Mutex(State())
    /// Older troubles are forgotten.
    private static let mostTroubles = 20

    init(location: String, logger: Logger) {
        self.location = location
        self.logger = logger
    }

    var report: EngineReport {
        state.withLock { EngineReport(location: location, fault: $0.fault, troubles: $0.troubles.map(\.sentence)) }
    }

    func engineAnswers() {
        state.withLock { $0.fault = nil }
    }

    func engineIsLost(_ cause: String) {
        state.withLock { $0.fault = cause }
        logger.warning(
            "the container engine does not answer; its containers go on", metadata: ["engine": "\(location)", "cause": "\(cause)"])
    }

    /// Something could not be done for a subject, and will be tried again or not.
    func trouble(with subject: String, _ sentence: String) {
        let isNew = state.withLock { state in
            let before = state.troubles.first { $0.subject == subject }?.sentence
            guard before != sentence else { return false }
            state.troubles.removeAll { $0.subject == subject }
            state.troubles.append((subject, sentence))
            state.troubles.removeFirst(max(state.troubles.count - Self.mostTroubles, 0))
            return true
        }
        if isNew { logger.error("\(sentence)", metadata: ["subject": "\(subject)"]) }
    }

    /// The subject's trouble is over.
    func settled(_ subject: String) {
        state.withLock { $0.troubles.removeAll { $0.subject == subject } }
    }
}
