import ClusterStore
import FoundationEssentials
import GRDB

/// The rows of a store's tables, read with what proves them.
///
/// What a row holds is decoded and never trusted: a damaged file must not end the process.
enum StoreRows {
    static func state(_ database: Database) throws -> StoredState {
        let counters = try counters(database)
        return StoredState(
            revision: StoreRevision(try value("revision", in: counters)), records: try records(database), leases: try leases(database),
            lastLease: try value("lastLease", in: counters))
    }

    static func identity(_ database: Database) throws -> UInt64 {
        UInt64(bitPattern: try value("identity", in: try counters(database)))
    }

    private static func value(_ name: String, in counters: [String: Int64]) throws -> Int64 {
        guard let value = counters[name] else { throw DamagedRow(description: "the counter \(name) is missing") }
        return value
    }

    private static func counters(_ database: Database) throws -> [String: Int64] {
        var counters: [String: Int64] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT name, value, checksum FROM counter") {
            let (name, value) = (try row.decode(String.self, forColumn: "name"), try row.decode(Int64.self, forColumn: "value"))
            try DamagedRow.check(row, RowChecksum.ofCounter(name, value), "the counter \(name)")
            counters[name] = value
        }
        return counters
    }

    private static func leases(_ database: Database) throws -> [Int64: Int64] {
        var leases: [Int64: Int64] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT id, seconds, checksum FROM lease") {
            let (id, seconds) = (try row.decode(Int64.self, forColumn: "id"), try row.decode(Int64.self, forColumn: "seconds"))
            try DamagedRow.check(row, RowChecksum.ofLease(id, seconds: seconds), "the lease \(id)")
            leases[id] = seconds
        }
        return leases
    }

    private static func records(_ database: Database) throws -> [RawRecord] {
        var records: [RawRecord] = []
        let rows = try Row.fetchCursor(
            database, sql: "SELECT key, value, created, modified, version, lease, checksum FROM record ORDER BY key")
        while let row = try rows.next() {
            let record = try record(row)
            try DamagedRow.check(row, RowChecksum.of(record), "the record \(record.key)")
            records.append(record)
        }
        return records
    }

    static func record(_ row: Row) throws -> RawRecord {
        RawRecord(
            key: RawKey(try row.decode(Data.self, forColumn: "key")), value: [UInt8](try row.decode(Data.self, forColumn: "value")),
            created: StoreRevision(try row.decode(Int64.self, forColumn: "created")),
            modified: StoreRevision(try row.decode(Int64.self, forColumn: "modified")),
            version: try row.decode(Int64.self, forColumn: "version"),
            lease: try row.decode(Int64?.self, forColumn: "lease"))
    }

    // MARK: Writing

    static func write(_ entry: JournalEntry, to database: Database) throws {
        func execute(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws {
            try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
        }
        switch entry {
        case .put(let record):
            try execute(
                """
                INSERT OR REPLACE INTO record (key, value, created, modified, version, lease, checksum)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                Data(record.key.bytes), Data(record.value), record.created.rawValue, record.modified.rawValue, record.version, record.lease,
                RowChecksum.of(record))
        case .delete(let key): try execute("DELETE FROM record WHERE key = ?", Data(key.bytes))
        case .revision(let revision): try setCounter("revision", revision.rawValue, in: database)
        case .grant(let id, let seconds):
            try execute(
                "INSERT INTO lease (id, seconds, checksum) VALUES (?, ?, ?)", id, seconds, RowChecksum.ofLease(id, seconds: seconds))
        case .lastLease(let id): try setCounter("lastLease", id, in: database)
        case .endLease(let id): try execute("DELETE FROM lease WHERE id = ?", id)
        }
    }

    static func setCounter(_ name: String, _ value: Int64, in database: Database) throws {
        try database.cachedStatement(sql: "UPDATE counter SET value = ?, checksum = ? WHERE name = ?").execute(arguments: [
            value, RowChecksum.ofCounter(name, value), name,
        ])
    }
}
