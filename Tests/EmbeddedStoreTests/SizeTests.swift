import ClusterStore
import GRDB
import NetworkModel
import TestSupport
import Testing

@testable import EmbeddedStore

/// A store that is used for long does not grow for ever.
@Suite struct SizeTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func record(_ number: Int, bytes: Int, at revision: Int64 = 2) -> JournalEntry {
        .put(
            RawRecord(
                key: RawKey("k/\(number)"), value: [UInt8](repeating: UInt8(number % 251), count: bytes), created: StoreRevision(revision),
                modified: StoreRevision(revision), version: 1, lease: nil))
    }

    private func journal(_ name: String) throws -> SQLiteJournal {
        let file = StoreFile(path: folder.file(name))
        return SQLiteJournal(try file.open(), file: file)
    }

    @Test func `what was deleted is given back to the file system, and room for more is kept`() throws {
        let journal = try journal("store")
        try journal.write((0..<300).map { record($0, bytes: 100_000) })
        let full = try journal.size()
        #expect(full.used > 29_000_000)
        try journal.write((0..<300).map { .delete(RawKey("k/\($0)")) })
        for _ in 0..<3 { try journal.giveSpaceBack() }
        _ = try journal.database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        let empty = try journal.size()
        #expect(empty.bytes < 6 << 20)
        #expect(empty.bytes > empty.used)
        #expect(empty.used < 1 << 20)
        #expect(try journal.damage().isEmpty)
    }

    @Test func `a burst of writes leaves no log of its size behind`() throws {
        let journal = try journal("store")
        try journal.write((0..<400).map { record($0, bytes: 100_000) })
        // The log begins anew, and is cut, with what comes after its content has moved into the file.
        for number in 0..<3 { try journal.write([record(number, bytes: 10, at: Int64(3 + number))]) }
        let size = try journal.size()
        #expect(size.bytes - size.used < 20 << 20)
    }

    @Test func `the same keys written again and again take no more room`() async throws {
        let store = try open(folder.file("store"))
        func round() async throws {
            for number in 0..<300 {
                _ = try await store.commit(
                    StoreTransaction([], then: [.put(StoreKey("k", "\(number % 10)"), [UInt8](repeating: 1, count: 20_000))]))
            }
        }
        try await round()
        let first = try await store.size()
        try await round()
        #expect(try await store.size().used == first.used)
        // The log is at most what SQLite lets gather before it moves it into the file, 1,000 pages, and a write.
        #expect(try await store.size().bytes < first.used + 5 << 20)
    }
}
