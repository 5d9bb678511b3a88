/// Which endpoint is asked: one that answered, until it does not.
struct EndpointRotation: Sendable {
    let endpoints: [EtcdEndpoint]
    private var current = 0

    init(_ endpoints: [EtcdEndpoint]) {
        self.endpoints = endpoints
    }

    /// Nil only if there are no endpoints.
    var preferred: EtcdEndpoint? { endpoints.indices.contains(current) ? endpoints[current] : nil }

    /// All endpoints, the preferred one first.
    var order: [EtcdEndpoint] { Array(endpoints[current...] + endpoints[..<current]) }

    /// Goes on to the next endpoint if the one that failed is still preferred: of many calls that fail together only one moves it.
    ///
    /// - Returns: whether another endpoint is preferred now.
    mutating func failed(_ endpoint: EtcdEndpoint) -> Bool {
        guard endpoints.count > 1, preferred == endpoint else { return false }
        current = (current + 1) % endpoints.count
        return true
    }
}

/// Whether a call that may have been carried out may be made again.
enum Repetition: Sendable {
    /// It reads, or doing it twice does no harm.
    case harmless
    /// It writes.
    case never
}

/// The endpoints that one call asks, in turn.
struct CallPlan: Sendable {
    private var left: ArraySlice<EtcdEndpoint>
    private let repetition: Repetition
    private var hasRepeated = false

    init(_ order: [EtcdEndpoint], _ repetition: Repetition) {
        left = order[...]
        self.repetition = repetition
    }

    mutating func next() -> EtcdEndpoint? { left.popFirst() }

    /// Takes into account that an endpoint did not answer.
    ///
    /// - Parameters:
    ///   - mayBeDone: whether it may have carried out the call. A harmless call is made on the same endpoint again, once, if that is the
    ///     only one: a connection that was kept may have been broken for long.
    ///   - isLate: whether it let the time pass: then it is not asked again, and the caller has waited for long enough.
    mutating func failed(_ endpoint: EtcdEndpoint, mayBeDone: Bool, isLate: Bool = false) {
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
