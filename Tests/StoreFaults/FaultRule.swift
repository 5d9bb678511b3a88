import TestSupport
public import Testing

/// A sentence that holds of every store's client whatever is between it and its server, and how it is checked.
///
/// A backend's test file supplies the bench:
///
///     @Test(arguments: FaultRule.all) func `the client of this backend keeps the rule`(rule: FaultRule) async throws {
///         try await rule.check(on: Bench())
///     }
public struct FaultRule: Sendable, CustomTestStringConvertible {
    let sentence: String
    private let body: @Sendable (FaultScene) async throws -> Void

    init(_ sentence: String, _ body: @escaping @Sendable (FaultScene) async throws -> Void) {
        self.sentence = sentence
        self.body = body
    }

    public var testDescription: String { sentence }

    public static let all: [FaultRule] = reads + writes + leases + watches + stale + empty + storms

    /// Checks the rule on a bench that others use too: each check has a root and a proxy of its own.
    public func check(on bench: any FaultBench) async throws {
        let scene = try FaultScene(bench)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body(scene) }
            group.addTask {
                try await ContinuousClock().sleep(for: .seconds(120))
                throw DeadlinePassed(description: "after two minutes, still not checked: \(sentence)")
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
