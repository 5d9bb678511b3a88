import ClusterStore
import StoreConformance
import TestSupport
import Testing

@Suite struct InMemoryConformanceTests {
    private struct Bench: StoreBench {
        let clock = ManualClock()
        let first: InMemoryStore

        init() {
            first = InMemoryStore(clock: clock)
        }

        func store(root: String) -> any ClusterStore {
            InMemoryStore(first, root: root)
        }

        func compact() async throws -> Bool {
            try await first.compact()
            return true
        }

        func pass(_ time: Duration) async throws {
            clock.advance(by: time)
            _ = try await first.list([])
        }
    }

    @Test(arguments: StoreRule.all)
    func `the in-memory store keeps the rule`(rule: StoreRule) async throws {
        try await rule.check(on: Bench())
    }
}
