/// Why one endpoint did not carry out a call.
public enum CallFailure: Error {
    /// It did not answer, or can do nothing at present: another endpoint may. One that was late is not asked again by the same call.
    case unanswered(cause: String, mayBeDone: Bool, isLate: Bool = false)
    /// It answered, and so would the others.
    case refused(StoreError)
    /// It did not accept the token of the call, which it has not begun: another token may do.
    case tokenRefused(StoreError)

    /// As an error of a read.
    public func storeError(at location: String) -> StoreError {
        switch self {
        case .refused(let error), .tokenRefused(let error): error
        case .unanswered(let cause, _, _): StoreError(.unavailable, "the store \(location) does not answer: \(cause)")
        }
    }
}
