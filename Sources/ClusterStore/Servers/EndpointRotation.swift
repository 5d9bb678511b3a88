/// Which endpoint is asked: one that answered, until it does not.
public struct EndpointRotation: Sendable {
    public let endpoints: [ServerEndpoint]
    private var current = 0

    public init(_ endpoints: [ServerEndpoint]) {
        self.endpoints = endpoints
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
}
