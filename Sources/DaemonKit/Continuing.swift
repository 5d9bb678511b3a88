public import ServiceLifecycle

/// A part that runs until it is cancelled, as a service: it ends when the daemon is asked to.
public struct Continuing: Service {
    private let body: @Sendable () async throws -> Void

    public init(_ body: @escaping @Sendable () async throws -> Void) {
        self.body = body
    }

    public func run() async throws {
        do {
            try await cancelWhenGracefulShutdown(body)
        } catch is CancellationError {
            // Asked to end, it ended.
        }
    }
}
