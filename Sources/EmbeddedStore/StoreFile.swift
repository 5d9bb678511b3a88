import ClusterStore
import GRDB
import Glibc

/// The file of a store: how it is opened, and what is refused.
struct StoreFile: Sendable {
    let path: String

    var location: String { "embedded://\(path)" }
    private var isInMemory: Bool { path == ":memory:" }

    /// Opens the file for this process alone, as long as the connection lives.
    func open() throws(StoreError) -> DatabaseQueue {
        if !isInMemory { try makeFolders() }
        do {
            let database = try DatabaseQueue(path: path, configuration: configuration)
            // Records may hold what users put into labels and options; the log beside the file gets the same mode.
            if !isInMemory { chmod(path, 0o600) }
            try database.writeWithoutTransaction { try prepare($0) }
            try StoreSchema.migrator.migrate(database)
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
        guard try !StoreSchema.migrator.hasBeenSuperseded(database) else {
            throw StoreError(.rejected, "\(path) was written by a newer version: upgrade skein on this host")
        }
        if !isInMemory { try database.execute(sql: "PRAGMA journal_mode = WAL") }
        // In WAL mode, less than that keeps the file whole and loses what was acknowledged last.
        try database.execute(sql: "PRAGMA synchronous = FULL")
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

    private func openingError(_ error: any Error) -> StoreError {
        guard let error = error as? DatabaseError else { return StoreError(.unavailable, "cannot open \(path): \(error)") }
        let cause = error.message ?? "\(error)"
        return switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            StoreError(.unavailable, "\(path) is open in another process: only one may keep an embedded store, so stop the other first")
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            StoreError(.rejected, "\(path) is damaged, or is no store: \(cause)")
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            StoreError(.denied, "cannot open \(path) for writing: \(cause)")
        case .SQLITE_FULL: StoreError(.outOfSpace, "cannot open \(path): \(cause)")
        default: StoreError(.unavailable, "cannot open \(path): \(cause)")
        }
    }
}
