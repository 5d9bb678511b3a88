import GRDB

/// The tables of a store's file, and how older ones become today's.
enum StoreSchema {
    /// SQLite's mark of a file's owner: "skst".
    private static let application = 0x736b_7374

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
        return migrator
    }

    /// Whether a file is a store, or has nothing in it yet.
    static func isOurs(_ database: Database) throws -> Bool {
        let owner = try Int.fetchOne(database, sql: "PRAGMA application_id")
        guard owner != application else { return true }
        return try owner == 0 && Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
    }
}
