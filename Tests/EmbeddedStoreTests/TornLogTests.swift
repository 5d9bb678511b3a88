import ClusterStore
import FoundationEssentials
import Glibc
import NetworkModel
import TestSupport
import Testing

@testable import EmbeddedStore

/// What a crash in the middle of a write leaves: the end of the log beside the file is cut off, or holds anything.
@Suite struct TornLogTests {
    /// A store that was written to, and the states that it went through.
    private struct Story {
        /// The file and its log, as a crash leaves them.
        let file: Data
        let log: Data
        /// What it held after each write, with the length of the log in bytes; the first is all in the file.
        let states: [(state: State, log: Int)]
    }

    private struct State: Equatable {
        let revision: StoreRevision
        let entries: [StoreEntry]
    }

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `a log that is torn anywhere opens with what was whole before the tear, and never with half a write`() async throws {
        let seed = TestSeed()
        var generator = seed.generator
        let story = try await story(&generator)
        for round in 0..<60 {
            let cut = Int.random(in: 0..<story.log.count, using: &generator)
            let log = torn(story.log, at: cut, &generator)
            let path = folder.file("round-\(round)")
            try story.file.write(to: URL(filePath: path))
            try log.write(to: URL(filePath: path + "-wal"))
            let store = try open(path)
            let expected = try #require(story.states.last { $0.log <= cut } ?? story.states.first).state
            #expect(try await state(of: store) == expected, "seed \(seed.value), the log torn at \(cut) of \(story.log.count)")
            // It goes on from there, over what is left of the log.
            _ = try await store.commit(StoreTransaction([], then: [.put(StoreKey("after"), [1])]))
            #expect(try await store.get(StoreKey("after"))?.modified == expected.revision.next)
        }
    }

    /// Cut off, or with anything behind.
    private func torn(_ log: Data, at cut: Int, _ generator: inout RandomnessGenerator) -> Data {
        let length =
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: 0
            case 1: Int.random(in: 1...5_000, using: &generator)
            default: log.count - cut
            }
        return log.prefix(cut) + Data((0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    // MARK: The story

    private func story(_ generator: inout RandomnessGenerator) async throws -> Story {
        let path = folder.file("story")
        do {
            let store = try open(path)
            for number in 0..<10 { try await write(number, to: store, &generator) }
        }
        let store = try open(path)
        var states = [(try await state(of: store), 0)]
        for number in 10..<40 {
            try await write(number, to: store, &generator)
            states.append((try await state(of: store), length(of: path + "-wal")))
        }
        try folder.copyDatabase("story", to: "crashed")
        return Story(
            file: try Data(contentsOf: URL(filePath: folder.file("crashed"))),
            log: try Data(contentsOf: URL(filePath: folder.file("crashed-wal"))), states: states)
    }

    /// Several keys at once, old ones deleted, one written again and again.
    private func write(_ number: Int, to store: EmbeddedStore, _ generator: inout RandomnessGenerator) async throws {
        let value = (0..<Int.random(in: 0..<6_000, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        _ = try await store.commit(
            StoreTransaction(
                [],
                then: [
                    .put(StoreKey("a", "\(number)"), value), .put(StoreKey("b", "\(number)"), [UInt8(number)]),
                    .put(StoreKey("last"), [UInt8(number)]), .delete(StoreKey("a", "\(number - 3)")),
                ]))
    }

    private func state(of store: EmbeddedStore) async throws -> State {
        let snapshot = try await store.list(StoreKey(path: ""))
        return State(revision: snapshot.revision, entries: Array(snapshot.entries))
    }

    private func length(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
