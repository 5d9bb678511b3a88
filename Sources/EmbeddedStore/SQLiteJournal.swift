import ClusterStore
import Dispatch
import FoundationEssentials
import GRDB

/// A store's writes as rows: each group is one transaction, on the disk when it is committed.
final class SQLiteJournal: StoreJournal {
    private let database: DatabaseQueue
    private let file: StoreFile
    /// Its thread waits for the disk; no other does.
    private let writer = DispatchQueue(label: "skein.embedded-store")

    init(_ database: DatabaseQueue, file: StoreFile) {
        self.database = database
        self.file = file
    }

    func schedule(_ work: @escaping @Sendable () -> Void) {
        writer.async(execute: work)
    }

    func write(_ entries: [JournalEntry]) throws(StoreError) {
        var isComplete = false
        do {
            try database.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    for entry in entries { try Self.write(entry, to: database) }
                    isComplete = true
                    return .commit
                }
            }
        } catch {
            throw writingError(error, duringCommit: isComplete)
        }
    }

    private static func write(_ entry: JournalEntry, to database: Database) throws {
        func execute(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws {
            try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
        }
        switch entry {
        case .put(let record):
            try execute(
                "INSERT OR REPLACE INTO record (key, value, created, modified, version, lease) VALUES (?, ?, ?, ?, ?, ?)",
                Data(record.key.bytes), Data(record.value), record.created.rawValue, record.modified.rawValue, record.version, record.lease)
        case .delete(let key): try execute("DELETE FROM record WHERE key = ?", Data(key.bytes))
        case .revision(let revision): try execute("UPDATE counter SET value = ? WHERE name = 'revision'", revision.rawValue)
        case .grant(let id, let seconds): try execute("INSERT INTO lease (id, seconds) VALUES (?, ?)", id, seconds)
        case .lastLease(let id): try execute("UPDATE counter SET value = ? WHERE name = 'lastLease'", id)
        case .endLease(let id): try execute("DELETE FROM lease WHERE id = ?", id)
        }
    }

    /// An error while rows are written undoes them; one of the commit itself leaves open what is on the disk.
    private func writingError(_ error: any Error, duringCommit: Bool) -> StoreError {
        let code = (error as? DatabaseError)?.resultCode
        let cause = (error as? DatabaseError)?.message ?? "\(error)"
        if code == .SQLITE_FULL { return StoreError(.outOfSpace, "\(file.location) has no space left: \(cause)") }
        return duringCommit
            ? StoreError(.outcomeUnknown, "\(file.location) may have kept a write or not: \(cause)")
            : StoreError(.unavailable, "\(file.location) cannot be written: \(cause)")
    }

    // MARK: Reading

    func load() throws(StoreError) -> StoredState {
        try read { database in
            let counters = try Self.counters(database)
            let leases = try Row.fetchAll(database, sql: "SELECT id, seconds FROM lease").map {
                ($0["id"] as Int64, $0["seconds"] as Int64)
            }
            return StoredState(
                revision: StoreRevision(counters["revision"] ?? 1), records: try Self.records(database),
                leases: Dictionary(leases, uniquingKeysWith: { first, _ in first }), lastLease: counters["lastLease"] ?? 0)
        }
    }

    func identity() throws(StoreError) -> UInt64 {
        try read { UInt64(bitPattern: try Self.counters($0)["identity"] ?? 1) }
    }

    private func read<Value>(_ query: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try database.read(query)
        } catch {
            throw StoreError(.unavailable, "\(file.location) cannot be read: \(error)")
        }
    }

    private static func counters(_ database: Database) throws -> [String: Int64] {
        let rows = try Row.fetchAll(database, sql: "SELECT name, value FROM counter")
        return Dictionary(rows.map { ($0["name"], $0["value"]) }, uniquingKeysWith: { first, _ in first })
    }

    private static func records(_ database: Database) throws -> [RawRecord] {
        var records: [RawRecord] = []
        let rows = try Row.fetchCursor(database, sql: "SELECT key, value, created, modified, version, lease FROM record ORDER BY key")
        while let row = try rows.next() {
            let key: Data = row["key"]
            let value: Data = row["value"]
            records.append(
                RawRecord(
                    key: RawKey(key), value: [UInt8](value), created: StoreRevision(row["created"]),
                    modified: StoreRevision(row["modified"]), version: row["version"], lease: row["lease"]))
        }
        return records
    }
}
