public import NetworkModel

/// A store that could not do what was asked.
public struct StoreError: Fault, Hashable {
    public enum Code: String, Hashable, Sendable {
        /// Nothing answered, or not in time; a write was not carried out.
        case unavailable
        /// A write was sent and its answer was lost: it may or may not have been carried out. Read before writing again.
        case outcomeUnknown
        /// The store refused the credentials or the operation.
        case denied
        /// The lease expired or never was.
        case leaseNotFound
        /// The request is wrong or too large for the store.
        case rejected
        /// The answer is not what the protocol says.
        case malformedAnswer
        /// The store is out of space (etcd's `NOSPACE` alarm).
        case outOfSpace
    }

    public let code: Code
    /// A sentence that names the store's endpoint and the cause.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var kind: FaultKind {
        switch code {
        case .unavailable, .outcomeUnknown, .malformedAnswer: .unavailable
        case .denied: .forbidden
        case .leaseNotFound: .notFound
        case .rejected: .invalid
        case .outOfSpace: .exhausted
        }
    }
}
