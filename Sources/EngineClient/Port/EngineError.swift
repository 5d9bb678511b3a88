public import NetworkModel

/// What an engine refused, or why it did not answer.
public struct EngineError: Fault, Hashable {
    public enum Code: String, Hashable, Sendable {
        case notFound, conflict, forbidden, invalid
        /// It could not be reached, was too slow, or failed by itself.
        case unavailable
        /// It answered what is no answer of an engine's.
        case undecodable
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var kind: FaultKind {
        switch code {
        case .notFound: .notFound
        case .conflict: .conflict
        case .forbidden: .forbidden
        case .invalid: .invalid
        case .unavailable, .undecodable: .unavailable
        }
    }
}
