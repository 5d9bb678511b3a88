/// Whether a call that may have been carried out may be made again.
public enum Repetition: Sendable {
    /// It reads, or doing it twice does no harm.
    case harmless
    /// It writes.
    case never
}

/// The endpoints that one call asks, in turn.
public struct CallPlan: Sendable {
    private var left: ArraySlice<ServerEndpoint>
    private let repetition: Repetition
    private var hasRepeated = false

    public init(_ order: [ServerEndpoint], _ repetition: Repetition) {
        left = order[...]
        self.repetition = repetition
    }

    public mutating func next() -> ServerEndpoint? { left.popFirst() }

    /// Takes into account that an endpoint did not answer.
    ///
    /// - Parameters:
    ///   - mayBeDone: whether it may have carried out the call. A harmless call is made on the same endpoint again, once, if that is the
    ///     only one: a connection that was kept may have been broken for long.
    ///   - isLate: whether it let the time pass: then it is not asked again, and the caller has waited for long enough.
    public mutating func failed(_ endpoint: ServerEndpoint, mayBeDone: Bool, isLate: Bool = false) {
        guard mayBeDone else { return }
        switch repetition {
        case .never: left = []
        case .harmless where left.isEmpty && !hasRepeated && !isLate:
            hasRepeated = true
            left = [endpoint]
        case .harmless: break
        }
    }
}
