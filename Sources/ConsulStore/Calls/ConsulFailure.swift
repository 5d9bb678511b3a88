import ClusterStore
import HTTPTransport

extension CallFailure {
    init(_ error: HTTPError) {
        switch error.code {
        case .invalidRequest: self = .refused(StoreError(.rejected, error.message))
        default: self = .unanswered(cause: error.message, mayBeDone: error.mayHaveBeenSent, isLate: error.code == .timedOut)
        }
    }

    /// An answer of failure: Consul says in a plain text why.
    ///
    /// - Parameter text: what it said, without the token.
    init(status: Int, text: String, from endpoint: ServerEndpoint) {
        let message = "\(endpoint): \(text.isEmpty ? "HTTP status \(status)" : text)"
        switch status {
        case 401, 403: self = .refused(StoreError(.denied, message))
        case 400, 413, 405: self = .refused(StoreError(.rejected, message))
        // Refused by a limit of rates, before anything was done.
        case 429: self = .unanswered(cause: message, mayBeDone: false)
        case 503 where text.contains("rate limit exceeded"): self = .unanswered(cause: message, mayBeDone: false)
        case 500 where text.contains("No cluster leader"): self = .unanswered(cause: message, mayBeDone: false)
        case 500 where ConsulText.isDenial(text): self = .refused(StoreError(.denied, message))
        case 500 where text.contains("No path to datacenter") || text.contains("Invalid Session TTL") || text.contains("invalid key name"):
            self = .refused(StoreError(.rejected, message))
        case 500...: self = .unanswered(cause: message, mayBeDone: true)
        default:
            self = .refused(
                StoreError(.malformedAnswer, "\(endpoint) answered with HTTP status \(status), not as Consul does: \(text)"))
        }
    }
}

/// The sentences by which Consul tells one failure from another, where it has no codes for them.
enum ConsulText {
    static func isDenial(_ text: String) -> Bool { text.contains("Permission denied") || text.contains("ACL not found") }

    /// A key that a `get`, a `check-index` or a `check-session` found absent.
    static func isAbsence(_ text: String) -> Bool { text.contains("doesn't exist") }

    /// A `lock` for a session that has ended or never was.
    static func isSessionGone(_ text: String) -> Bool { text.contains("invalid session") || text.contains("session lookup") }

    static func isLockDelay(_ text: String) -> Bool { text.contains("lock delay") }

    /// The beginning of an error's text, in one line.
    static func brief(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(400), as: UTF8.self)
        return text.split { $0.isNewline || $0 < " " }.joined(separator: " ")
    }
}
