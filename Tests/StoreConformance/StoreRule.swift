import TestSupport
public import Testing

/// A sentence that holds of every store, and how it is checked.
///
/// A backend's test file supplies the bench:
///
///     @Test(arguments: StoreRule.all) func `the store of this backend keeps the rule`(rule: StoreRule) async throws {
///         try await rule.check(on: Bench())
///     }
public struct StoreRule: Sendable, CustomTestStringConvertible {
    let sentence: String
    private let body: @Sendable (StoreScene) async throws -> Void

    init(_ sentence: String, _ body: @escaping @Sendable (StoreScene) async throws -> Void) {
        self.sentence = sentence
        self.body = body
    }

    public var testDescription: String { sentence }

    public static let all: [StoreRule] = reading + transactions + limits + races + leases + watches + restarts

    /// Checks the rule on a bench of its own, or on one that others use too: each check has roots of its own.
    public func check(on bench: any StoreBench) async throws {
        let scene = try await StoreScene(bench)
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
