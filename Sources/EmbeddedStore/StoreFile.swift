import ClusterStore
import GRDB
import Glibc

/// The file of a store: how it is opened, and what is refused.
struct StoreFile: Sendable {
    let path: String

    var location: String { "embedded://\(path)" }
    var isInMemory: Bool { path == ":memory:" }

    /// The most bytes of the log beside the file that are kept once they are in the file: a burst must not be paid for ever.
    private static let longestLog = 16 << 20

    /// Opens the file for this process alone, as long as the connection lives.
    func open() throws(StoreError) -> DatabaseQueue {
        if !isInMemory { try makeFolders() }
        do {
            let database = try DatabaseQueue(path: path, configuration: configuration)
            // Records may hold what users put into labels and options; the log beside the file gets the same mode.
            if !isInMemory { chmod(path, 0o600) }
            try database.writeWithoutTransaction { try prepare($0) }
            try StoreSchema.migrator.migrate(database)
            if !isInMemory { try database.writeWithoutTransaction { try Self.settle($0) } }
            return database
        } catch let error as StoreError {
            throw error
        } catch {
            throw openingError(error)
        }
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        // A process that was told to end may need a moment to let go of the file.
        configuration.busyMode = .timeout(1)
        // Before the first read: the lock is then held until the connection is closed or the process ends, however it ends.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
        return configuration
    }

    private func prepare(_ database: Database) throws {
        guard try StoreSchema.isOurs(database) else {
            throw StoreError(.rejected, "\(path) is a database of something else: choose another path for the embedded store")
        }
        // Before anything is served or written: what is damaged spreads.
        if let problem = try Self.problems(in: database).first { throw StoreError(.rejected, damaged(problem)) }
        guard try !StoreSchema.migrator.hasBeenSuperseded(database) else {
            throw StoreError(.rejected, "\(path) was written by a newer version: upgrade skein on this host")
        }
        if !isInMemory {
            // It counts for a file that has no table yet.
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA journal_size_limit = \(Self.longestLog)")
        }
        // In WAL mode, less than that keeps the file whole and loses what was acknowledged last.
        try database.execute(sql: "PRAGMA synchronous = FULL")
    }

    /// What SQLite finds wrong with a file, at most a few sentences.
    static func problems(in database: Database) throws -> [String] {
        try String.fetchAll(database, sql: "PRAGMA integrity_check(3)").filter { $0 != "ok" }
    }

    /// Moves the log into the file: a small store would leave all that it has there for weeks, for somebody to forget in a copy.
    ///
    /// A file of before it could give pages back is written anew, once: only so can it.
    private static func settle(_ database: Database) throws {
        // 2 is INCREMENTAL.
        if try Int.fetchOne(database, sql: "PRAGMA auto_vacuum") != 2 {
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL; VACUUM")
        }
        try database.checkpoint(.truncate)
    }

    private func makeFolders() throws(StoreError) {
        var folder = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/").dropLast() {
            folder += "/" + part
            guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
                throw StoreError(.denied, "cannot make the folder \(folder) of the embedded store: \(String(cString: strerror(errno)))")
            }
        }
    }

    // MARK: What cannot be read

    private func damaged(_ cause: String) -> String {
        "\(path) is damaged (\(cause)): restore a back-up with skein store restore, or move it away to begin with an empty store"
    }

    /// Why the rows of a file that was opened cannot be read.
    func readingError(_ error: any Error) -> StoreError {
        switch error {
        case let row as DamagedRow: StoreError(.rejected, damaged(row.description))
        case let error as RowDecodingError: StoreError(.rejected, damaged("\(error)"))
        case let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode):
            StoreError(.rejected, damaged(error.message ?? "\(error)"))
        default: StoreError(.unavailable, "\(location) cannot be read: \(error)")
        }
    }

    private func openingError(_ error: any Error) -> StoreError {
        guard let error = error as? DatabaseError else { return readingError(error) }
        let cause = error.message ?? "\(error)"
        return switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            StoreError(
                .unavailable,
                "\(path) is open in another process\(LockHolder.description(of: path)): only one may keep an embedded store, so stop the "
                    + "other first")
        case .SQLITE_NOTADB: StoreError(.rejected, "\(path) is no store, or " + damaged(cause).dropFirst(path.count + 4))
        case .SQLITE_CORRUPT: StoreError(.rejected, damaged(cause))
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            StoreError(.denied, "cannot open \(path) for writing: \(cause)")
        case .SQLITE_FULL: StoreError(.outOfSpace, "cannot open \(path): \(cause)")
        default: StoreError(.unavailable, "cannot open \(path): \(cause)")
        }
    }
}
