import FaceKit
import NetworkModel

/// How long an engine's call may take: the engine holds locks meanwhile, and its users wait (lesson 10).
struct CallBound: Sendable {
    let limit: Duration
    let clock: any Clock<Duration>

    /// Runs the work of a call.
    ///
    /// - Throws: what the work throws; a ``FaceKit/RequestFault`` when the limit has passed. The work is cancelled then and has ended when
    ///   this returns, so that it cannot undo what the engine asks for next.
    func run<Value: Sendable>(_ call: String, _ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try? await clock.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            if let value = try await group.next() ?? nil { return value }
            try Task.checkCancellation()
            throw RequestFault(
                .unavailable,
                "\(call) was given up after \(limit): the cluster store or the kernel is slow, see the worker's log and try again")
        }
    }
}
