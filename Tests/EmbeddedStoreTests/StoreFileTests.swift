import ClusterStore
import Foundation
import GRDB
import Glibc
import NetworkModel
import TestSupport
import Testing

@testable import EmbeddedStore

@Suite struct StoreFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func refusal(_ path: String) -> StoreError? {
        do throws(StoreError) {
            _ = try open(path)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a store is made with the folders above it`() async throws {
        let path = folder.file("var/lib/skein/store.sqlite")
        let store = try open(path)
        _ = try await store.commit(StoreTransaction([], then: [.put(StoreKey("k"), [1])]))
        #expect(store.location == "embedded://\(path)")
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func `a file that is open is not opened again, and is when it is closed`() async throws {
        let path = folder.file("store.sqlite")
        var store: EmbeddedStore? = try open(path)
        _ = try await store?.commit(StoreTransaction([], then: [.put(StoreKey("k"), [1])]))
        let error = refusal(path)
        #expect(error?.code == .unavailable)
        let sentence = try #require(error?.message)
        #expect(sentence.hasPrefix("\(path) is open in another process (process \(getpid()), "))
        store = nil
        #expect(try await open(path).get(StoreKey("k"))?.value == [1])
    }

    @Test func `another process cannot open the file either`() async throws {
        let path = folder.file("store.sqlite")
        let store = try open(path)
        _ = try await store.list([])
        // SQLite's lock bytes begin at a gigabyte; flock(1) takes another kind of lock, so ask with a second SQLite.
        let reader = Process()
        reader.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        reader.arguments = [
            "python3", "-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('select * from record')", path,
        ]
        reader.standardError = FileHandle.nullDevice
        try reader.run()
        reader.waitUntilExit()
        #expect(reader.terminationStatus != 0)
    }

    @Test func `what a killed process left in the log is in the file once it was opened`() async throws {
        let store = try open(folder.file("store"))
        _ = try await store.commit(StoreTransaction([], then: [.put(StoreKey("k"), [1])]))
        try folder.copyDatabase("store", to: "killed")
        let killed = try open(folder.file("killed"))
        try runCommand(["cp", folder.file("killed"), folder.file("alone")], log: folder.file("cp.log"))
        #expect(try await open(folder.file("alone")).get(StoreKey("k"))?.value == [1])
        _ = try await killed.list([])
    }

    @Test func `a file of a newer version is refused`() throws {
        let path = folder.file("store.sqlite")
        _ = try open(path)
        try DatabaseQueue(path: path).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('9: what is to come')")
        }
        let error = refusal(path)
        #expect(error?.code == .rejected)
        #expect(error?.message == "\(path) was written by a newer version: upgrade skein on this host")
        #expect(error?.kind == .invalid)
    }

    @Test func `another program's database is refused and left alone`() throws {
        let path = folder.file("other.sqlite")
        try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE theirs (id INTEGER)") }
        #expect(refusal(path)?.message == "\(path) is a database of something else: choose another path for the embedded store")
        let tables = try DatabaseQueue(path: path).read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master") }
        #expect(tables == ["theirs"])
    }

    @Test func `a file that is no database, or a folder, is refused`() throws {
        let text = folder.file("text")
        try String(repeating: "not a database\n", count: 100).write(toFile: text, atomically: true, encoding: .utf8)
        #expect(refusal(text)?.code == .rejected)
        #expect(refusal(folder.path)?.code == .denied)
        #expect(refusal(text + "/store.sqlite")?.code == .denied)
    }

    @Test func `what is acknowledged is committed to the disk and not only to the log's memory`() throws {
        let database = try StoreFile(path: folder.file("store.sqlite")).open()
        let (journal, level, lock) = try database.writeWithoutTransaction { database in
            (
                try String.fetchOne(database, sql: "PRAGMA journal_mode"), try Int.fetchOne(database, sql: "PRAGMA synchronous"),
                try String.fetchOne(database, sql: "PRAGMA locking_mode")
            )
        }
        #expect(journal == "wal")
        // 2 is FULL.
        #expect(level == 2)
        #expect(lock == "exclusive")
    }
}
