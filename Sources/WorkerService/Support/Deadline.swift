/// Runs work for as long as a bound allows.
///
/// - Returns: nil if the bound passed first: the work is cancelled then, and has ended when this returns.
func withDeadline<Value: Sendable>(
    _ bound: Duration, on clock: any Clock<Duration>, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try? await clock.sleep(for: bound)
            return nil
        }
        defer { group.cancelAll() }
        return try await group.next() ?? nil
    }
}
