/// Why one endpoint did not carry out a call.
public enum CallFailure: Error {
    /// It did not answer, or can do nothing at present: another endpoint may. One that was late is not asked again by the same call.
    case unanswered(cause: String, mayBeDone: Bool, isLate: Bool = false)
    /// It answered what a store never would, or what was true once, and may have carried out the call.
    case unreadable(String)
    /// It answered, and so would the others.
    case refused(StoreError)
    /// It did not accept the token of the call, which it has not begun: another token may do.
    case tokenRefused(StoreError)

    /// How an endpoint left a call open, for another endpoint to answer.
    public struct Silence: Sendable {
        public let cause: String
        public let mayBeDone: Bool
        public let isLate: Bool
        /// Whether there was an answer at all.
        public let isUnreadable: Bool
    }

    /// Nil if the call was refused.
    public var silence: Silence? {
        switch self {
        case .refused, .tokenRefused: nil
        case .unanswered(let cause, let mayBeDone, let isLate):
            Silence(cause: cause, mayBeDone: mayBeDone, isLate: isLate, isUnreadable: false)
        case .unreadable(let cause): Silence(cause: cause, mayBeDone: true, isLate: false, isUnreadable: true)
        }
    }

    /// As an error of a read.
    public func storeError(at location: String) -> StoreError {
        switch self {
        case .refused(let error), .tokenRefused(let error): return error
        case .unanswered, .unreadable:
            var failures = CallFailures()
            if let silence { failures.note(silence) }
            return failures.verdict(.harmless, at: location)
        }
    }
}
