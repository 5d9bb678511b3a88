import TestSupport
import Testing

@testable import ClusterStore

@Suite struct StoreEngineTests {
    private let journal = FakeJournal()
    private let engine: StoreEngine
    private let everything = KeyRange(prefix: RawKey(""))

    init() {
        engine = StoreEngine(location: "fake", identity: 1, clock: ManualClock(), journal: journal, stored: StoredState())
    }

    private func put(_ key: String, _ value: [UInt8] = []) async throws -> StoreRevision {
        try await engine.perform(RawTransaction(then: [.put(RawKey(key), value)])).revision
    }

    private func keys() async throws -> [String] {
        let outcome = try await engine.perform(RawTransaction(then: [.read(everything)]))
        guard case .read(let records, _)? = outcome.results.first else { return [] }
        return records.map(\.key.description)
    }

    @Test func `what waits for the disk is written in one group`() async throws {
        journal.hold()
        try await withThrowingTaskGroup { group in
            defer { journal.letGo() }
            for number in 0..<50 { group.addTask { _ = try await put("k\(number)") } }
            try await eventually("all wait") { engine.waitingSteps == 50 }
            journal.letGo()
            try await group.waitForAll()
        }
        #expect(journal.groups.count == 1)
        #expect(try await keys().count == 50)
        #expect(journal.load().records.count == 50)
    }

    @Test func `nothing is answered or told before it is durable`() async throws {
        let watch = engine.watch(everything, from: nil)
        journal.hold()
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { journal.letGo() }
            let answered = Flag()
            group.addTask {
                _ = try await put("k")
                answered.set()
            }
            try await eventually("the write waits") { engine.waitingSteps == 1 }
            group.addTask {
                // A read that sees the write waits for it too.
                let seen = try await keys()
                #expect(seen == ["k"])
                answered.set()
            }
            group.addTask {
                _ = await watch.next()
                answered.set()
            }
            try await eventually("the read waits") { engine.waitingSteps == 2 }
            #expect(!answered.isSet)
            journal.letGo()
            try await group.waitForAll()
        }
    }

    @Test func `a write that fails leaves nothing, and what saw it fails too`() async throws {
        _ = try await put("before")
        let watch = engine.watch(everything, from: nil)
        journal.fail(.before(StoreError(.outOfSpace, "full")))
        journal.hold()
        let codes = try await withThrowingTaskGroup(of: StoreError.Code?.self) { group in
            defer { journal.letGo() }
            group.addTask { await code { _ = try await put("lost") } }
            try await eventually("the write waits") { engine.waitingSteps == 1 }
            group.addTask { await code { _ = try await keys() } }
            try await eventually("the read waits") { engine.waitingSteps == 2 }
            journal.letGo()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes == [.outOfSpace, .outOfSpace])
        #expect(try await keys() == ["before"])
        let revision = try await put("after")
        #expect(revision == StoreRevision(3))
        #expect(await watch.next().map(keys) == ["after"])
    }

    @Test func `a write whose end is unknown and that was kept makes watches list again`() async throws {
        let watch = engine.watch(everything, from: nil)
        journal.fail(.after(StoreError(.outcomeUnknown, "lost")))
        #expect(await code { _ = try await put("k") } == .outcomeUnknown)
        #expect(try await keys() == ["k"])
        #expect(await watch.next() == .compacted(StoreRevision(2)))
        #expect(await watch.next() == nil)
    }

    private func keys(_ event: RawWatchEvent) -> [String] {
        guard case .changes(let changes) = event else { return [] }
        return changes.map(\.key.description)
    }

    private func code(_ operation: () async throws -> Void) async -> StoreError.Code? {
        do {
            try await operation()
            return nil
        } catch {
            return (error as? StoreError)?.code
        }
    }
}
