import ClusterStore
import FoundationEssentials
import GRDB

/// The tables of a store's file, and how older ones become today's.
enum StoreSchema {
    /// SQLite's mark of a file's owner: "skst".
    static let application = 0x736b_7374

    /// Applied migrations are recorded in the file: each is applied once, and a file with an unknown one is a newer version's.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: records, leases, counters") { database in
            try database.execute(
                sql: """
                    PRAGMA application_id = \(application);
                    CREATE TABLE record (
                        key BLOB PRIMARY KEY NOT NULL,
                        value BLOB NOT NULL,
                        created INTEGER NOT NULL,
                        modified INTEGER NOT NULL,
                        version INTEGER NOT NULL,
                        lease INTEGER
                    ) STRICT;
                    CREATE TABLE lease (id INTEGER PRIMARY KEY NOT NULL, seconds INTEGER NOT NULL) STRICT;
                    CREATE TABLE counter (name TEXT PRIMARY KEY NOT NULL, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                    """)
            // Drawn by SQLite from the system's randomness: ids of leases must not be those of a store that was here before.
            try database.execute(
                sql: """
                    INSERT INTO counter (name, value) VALUES
                        ('identity', random() | 1), ('revision', 1), ('lastLease', (random() & 0x3fffffff) << 31)
                    """)
        }
        migrator.registerMigration("2: sums of rows") { database in
            for table in ["record", "lease", "counter"] {
                try database.execute(sql: "ALTER TABLE \(table) ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0")
            }
            try addChecksums(to: database)
        }
        return migrator
    }

    private static func addChecksums(to database: Database) throws {
        func set(_ sum: Int64, _ table: String, _ column: String, _ key: any DatabaseValueConvertible) throws {
            try database.execute(sql: "UPDATE \(table) SET checksum = ? WHERE \(column) = ?", arguments: [sum, key])
        }
        for row in try Row.fetchAll(database, sql: "SELECT * FROM record") {
            let record = try StoreRows.record(row)
            try set(RowChecksum.of(record), "record", "key", Data(record.key.bytes))
        }
        for row in try Row.fetchAll(database, sql: "SELECT * FROM lease") {
            let id = try row.decode(Int64.self, forColumn: "id")
            try set(RowChecksum.ofLease(id, seconds: try row.decode(Int64.self, forColumn: "seconds")), "lease", "id", id)
        }
        for row in try Row.fetchAll(database, sql: "SELECT * FROM counter") {
            let name = try row.decode(String.self, forColumn: "name")
            try set(RowChecksum.ofCounter(name, try row.decode(Int64.self, forColumn: "value")), "counter", "name", name)
        }
    }

    // MARK: Another history

    /// Far more revisions than were written between a back-up and the loss that it is restored after.
    private static let revisionsLost: Int64 = 1 << 30

    /// Makes a copy of a store another store: what was written after the copy was made is not in it, so nothing that was drawn or counted
    /// since may be drawn or counted again.
    static func beginHistory(_ database: Database) throws {
        let revision = try StoreRows.state(database).revision.rawValue
        let (identity, lease) = try drawn(database)
        try StoreRows.setCounter("identity", identity, in: database)
        try StoreRows.setCounter("lastLease", lease, in: database)
        try StoreRows.setCounter("revision", revision + revisionsLost, in: database)
    }

    /// By SQLite from the system's randomness: an identity that is not 0, and where ids of leases begin.
    private static func drawn(_ database: Database) throws -> (identity: Int64, lease: Int64) {
        let row = try Row.fetchOne(database, sql: "SELECT random() | 1 AS identity, (random() & 0x3fffffff) << 31 AS lease")
        return (try row?.decode(Int64.self, forColumn: "identity") ?? 1, try row?.decode(Int64.self, forColumn: "lease") ?? 0)
    }

    /// Whether a file is a store, or has nothing in it yet.
    static func isOurs(_ database: Database) throws -> Bool {
        let owner = try Int.fetchOne(database, sql: "PRAGMA application_id")
        guard owner != application else { return true }
        return try owner == 0 && Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
    }
}
