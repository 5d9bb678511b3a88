/// A condition that did not become true in time.
public struct DeadlinePassed: Error, CustomStringConvertible {
    public let description: String

    public init(description: String) {
        self.description = description
    }
}

/// Waits until a condition holds, looking again every few milliseconds: the one place in the tests where time passes by waiting.
///
/// - Parameter deadline: how long at most; generous, since the machines are shared: it is no measurement.
public func eventually(
    _ what: String, within deadline: Duration = .seconds(30), isolation: isolated (any Actor)? = #isolation,
    _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let end = clock.now + deadline
    while try await !condition() {
        guard clock.now < end else { throw DeadlinePassed(description: "after \(deadline), still not: \(what)") }
        try await clock.sleep(for: .milliseconds(5))
    }
}
