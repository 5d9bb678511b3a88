/// How messages reach a resolver: a port with a real side (``SocketUpstreams``).
protocol Upstreams: Sendable {
    /// Sends a message and waits for the first reply that is accepted; others are passed over. Ends when the task is cancelled.
    ///
    /// - Parameter accept: makes a reply of bytes, or nil when they answer something else.
    /// - Returns: nil when the resolver cannot be reached or hung up.
    func exchange(
        _ message: [UInt8], with resolver: Resolver, over transport: Responder.Transport,
        accept: @escaping @Sendable ([UInt8]) -> UpstreamReply?
    ) async -> UpstreamReply?
}
