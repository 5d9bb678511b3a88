import ClusterStore
import FoundationEssentials
import GRDB
import NetworkModel
import TestSupport
import Testing

@testable import EmbeddedStore

/// A file that is not as it was written is refused, and never served as if it were.
@Suite struct DamageTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A store of some 200 records that was closed.
    private func content() async throws -> (bytes: Data, entries: [StoreEntry]) {
        let path = folder.file("whole")
        do {
            let store = try open(path)
            _ = try await store.grantLease(lasting: .seconds(3_600))
            for start in stride(from: 0, to: 200, by: 50) {
                let puts = (start..<start + 50).map {
                    StoreOperation.put(StoreKey("k", "\($0)"), Array("a value of the record \($0)".utf8))
                }
                _ = try await store.commit(StoreTransaction([], then: puts))
            }
        }
        let entries = Array(try await open(path).list(StoreKey(path: "")).entries)
        return (try Data(contentsOf: URL(filePath: path)), entries)
    }

    @Test func `damage anywhere in the file is told with what to do, or is none`() async throws {
        let seed = TestSeed()
        var generator = seed.generator
        let (whole, entries) = try await content()
        var refused = 0
        for round in 0..<80 {
            var bytes = whole
            let start = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(bytes.count, start + Int.random(in: 1...3_000, using: &generator))
            for index in start..<end { bytes[index] = UInt8.random(in: 0...255, using: &generator) }
            let path = folder.file("round-\(round)")
            try bytes.write(to: URL(filePath: path))
            do throws(StoreError) {
                let found = Array(try await open(path).list(StoreKey(path: "")).entries)
                #expect(found == entries, "seed \(seed.value): bytes \(start) to \(end) were overwritten, and nobody noticed")
            } catch {
                refused += 1
                #expect(error.message.contains(path), "seed \(seed.value): \(error.message)")
            }
        }
        #expect(refused > 20, "seed \(seed.value): most of the file is in use")
    }

    @Test func `a file that is cut off is refused`() async throws {
        let seed = TestSeed()
        var generator = seed.generator
        let (whole, _) = try await content()
        for round in 0..<20 {
            let path = folder.file("round-\(round)")
            let length = Int.random(in: 1..<whole.count, using: &generator)
            try whole.prefix(length).write(to: URL(filePath: path))
            #expect(throws: StoreError.self, "seed \(seed.value), \(length) bytes of \(whole.count)") { _ = try open(path) }
        }
    }

    @Test func `a record that is another than was written is refused by its name`() async throws {
        let path = folder.file("store")
        do {
            let store = try open(path)
            _ = try await store.commit(StoreTransaction([], then: [.put(StoreKey("k"), Array("value".utf8))]))
        }
        try await DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE record SET value = x'00'") }
        do throws(StoreError) {
            _ = try open(path)
            Issue.record("it was opened")
        } catch {
            #expect(error.code == .rejected)
            #expect(
                error.message == "\(path) is damaged (the record skein/k is not as it was written): restore a back-up with skein store "
                    + "restore, or move it away to begin with an empty store")
        }
    }

    @Test func `damage is found while the store is in use`() async throws {
        let store = try open(folder.file("store"))
        _ = try await store.commit(StoreTransaction([], then: [.put(StoreKey("k"), [1])]))
        #expect(try await store.findDamage().isEmpty)
        try store.damageForTests()
        let damage = try await store.findDamage()
        #expect(damage.count == 1)
        #expect(damage.first?.contains("the record skein/k is not as it was written") == true)
    }

    @Test func `a store of before rows had sums gets them, and can shrink`() async throws {
        let path = folder.file("old")
        let queue = try DatabaseQueue(path: path)
        try StoreSchema.migrator.migrate(queue, upTo: "1: records, leases, counters")
        try await queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO record VALUES (x'736b65696e2f6b', x'01', 2, 3, 2, 7);
                    INSERT INTO lease VALUES (7, 60);
                    UPDATE counter SET value = 3 WHERE name = 'revision';
                    """)
        }
        try queue.close()
        do {
            let store = try open(path)
            #expect(try await store.get(StoreKey("k"))?.value == [1])
            #expect(try await store.get(StoreKey("k"))?.lease == LeaseID("7"))
            #expect(try await store.served.currentRevision() == StoreRevision(3))
        }
        #expect(try await open(path).findDamage().isEmpty)
        let mode = try await DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "PRAGMA auto_vacuum") }
        #expect(mode == 2)
    }
}

extension EmbeddedStore {
    /// Changes a value behind the store's back.
    func damageForTests() throws {
        try journal.database.write { try $0.execute(sql: "UPDATE record SET value = x'00'") }
    }
}
