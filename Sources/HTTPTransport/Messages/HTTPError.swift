public import NetworkModel

/// A request without a whole answer. An answer with an HTTP status of failure is none of these.
public struct HTTPError: Fault, Hashable {
    public enum Code: String, Hashable, Sendable {
        /// Provably not sent: no name, no connection, or no connection in time.
        case notSent
        /// Sent, and not answered in time.
        case timedOut
        /// Sent, and the connection broke before the whole answer was there.
        case broken
        /// No connection that both sides trust; not sent.
        case tls
        /// The waiting task was cancelled, or the client closed.
        case cancelled
        /// The request cannot be sent as it is: its URL, method or a header.
        case invalidRequest
    }

    public let code: Code
    /// Names the peer and the cause.
    public let message: String
    /// Whether the peer may have had the request: false only if it provably had not.
    public let mayHaveBeenSent: Bool

    public init(_ code: Code, _ message: String, mayHaveBeenSent: Bool? = nil) {
        self.code = code
        self.message = message
        self.mayHaveBeenSent = mayHaveBeenSent ?? [.timedOut, .broken, .cancelled].contains(code)
    }

    public var kind: FaultKind {
        switch code {
        case .notSent, .timedOut, .broken, .tls, .cancelled: .unavailable
        case .invalidRequest: .invalid
        }
    }
}
