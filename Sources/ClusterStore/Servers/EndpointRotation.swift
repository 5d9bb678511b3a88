/// Which endpoint is asked: one that answered, until it does not.
public struct EndpointRotation: Sendable {
    public let endpoints: [ServerEndpoint]
    private var current: Int

    /// - Parameter start: the endpoint that is asked first; any number: many clients that draw one spread over the members.
    public init(_ endpoints: [ServerEndpoint], startingAt start: UInt64 = 0) {
        self.endpoints = endpoints
        current = Int(start % UInt64(max(endpoints.count, 1)))
    }

    /// Nil only if there are no endpoints.
    public var preferred: ServerEndpoint? { endpoints.indices.contains(current) ? endpoints[current] : nil }

    /// All endpoints, the preferred one first.
    public var order: [ServerEndpoint] { Array(endpoints[current...] + endpoints[..<current]) }

    /// Goes on to the next endpoint if the one that failed is still preferred: of many calls that fail together only one moves it.
    ///
    /// - Returns: whether another endpoint is preferred now.
    public mutating func failed(_ endpoint: ServerEndpoint) -> Bool {
        guard endpoints.count > 1, preferred == endpoint else { return false }
        current = (current + 1) % endpoints.count
        return true
    }

    /// Stays with an endpoint that answered where others did not.
    public mutating func answered(_ endpoint: ServerEndpoint) {
        current = endpoints.firstIndex(of: endpoint) ?? current
    }
}
