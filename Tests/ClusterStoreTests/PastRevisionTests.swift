import TestSupport
import Testing

@testable import ClusterStore

@Suite struct PastRevisionTests {
    private let engine = StoreEngine(location: "memory", identity: 1, clock: ManualClock())
    private let range = KeyRange(prefix: RawKey("k/"))

    private func write(_ operations: RawOperation...) async throws -> StoreRevision {
        try await engine.perform(RawTransaction(then: operations)).revision
    }

    private func read(at revision: StoreRevision? = nil, limit: Int = 0) async throws -> RawResult? {
        try await engine.perform(RawTransaction(then: [.read(range, limit: limit, at: revision)])).results.first
    }

    @Test func `each past state can be read as it was`() async throws {
        let steps: [[RawOperation]] = [
            [.put(RawKey("k/1"), [1]), .put(RawKey("k/2"), [2]), .put(RawKey("other"), [])], [.put(RawKey("k/1"), [3])],
            [.delete(range), .put(RawKey("other"), [1])], [.put(RawKey("k/2"), [4])],
            [.put(RawKey("k/2"), [5]), .delete(KeyRange(RawKey("k/1")))],
        ]
        var states: [(revision: StoreRevision, result: RawResult?)] = [(try await engine.currentRevision(), try await read())]
        for step in steps {
            let revision = try await engine.perform(RawTransaction(then: step)).revision
            states.append((revision, try await read()))
        }
        for state in states { #expect(try await read(at: state.revision) == state.result) }
    }

    @Test func `a limit holds for the past too`() async throws {
        let past = try await write(.put(RawKey("k/1"), []), .put(RawKey("k/2"), []))
        _ = try await write(.delete(range))
        guard case .read(let records, let count)? = try await read(at: past, limit: 1) else { return #expect(Bool(false), "no read") }
        #expect(records.map(\.key) == [RawKey("k/1")])
        #expect(count == 2)
    }

    @Test func `what is forgotten or to come cannot be read, and nothing is written beside it`() async throws {
        let first = try await write(.put(RawKey("k/1"), []))
        let second = try await write(.put(RawKey("k/1"), [1]))
        _ = try await engine.compact(through: second)
        for revision in [first, second.next] {
            await #expect(throws: StoreError.self) {
                _ = try await engine.perform(RawTransaction(then: [.put(RawKey("k/2"), []), .read(range, at: revision)]))
            }
        }
        #expect(try await engine.currentRevision() == second)
        #expect(try await read(at: second) == (try await read()))
    }
}
