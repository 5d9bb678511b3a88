public import ClusterStore
import GRDB
import Glibc

/// A back-up of an embedded store, put in place as a store of its own.
///
/// The restored store has another identity, and its revision is far beyond the copied one: every watch lists again, and no comparison with a
/// revision that was written after the copy was made can hold by chance.
public struct StoreRestore {
    /// What has been restored.
    public struct Summary: Hashable, Sendable {
        public let keys: Int
        /// The revision that the copy was made at.
        public let revision: StoreRevision
        public let bytes: Int64
    }

    private let backup: String
    private let path: String

    /// - Parameters:
    ///   - backup: the file that was written by ``EmbeddedStore/backUp()``, or a store's file of a process that has ended.
    ///   - path: the store that is to be.
    public init(_ backup: String, to path: String) {
        self.backup = backup
        self.path = path
    }

    /// Looks at a back-up, on a copy of it that is removed again.
    /// - Throws: as ``restore(replacing:)``, if it is none.
    public static func examine(_ backup: String) throws(StoreError) -> Summary {
        let restore = StoreRestore(backup, to: backup)
        defer { restore.removeDraft() }
        return try restore.makeDraft()
    }

    /// - Parameter isReplacing: whether a store that is there is given up.
    /// - Throws: ``StoreError/Code/rejected`` if the copy is damaged or no store, or there is a store and it is not given up;
    ///   ``StoreError/Code/unavailable`` if a process has that open; ``StoreError/Code/denied`` if a file cannot be read or written.
    public func restore(replacing isReplacing: Bool) throws(StoreError) -> Summary {
        if access(path, F_OK) == 0 { try checkIsGivenUp(isReplacing) }
        defer { removeDraft() }
        let summary = try makeDraft()
        // The log of what was there would be taken for this one's.
        for suffix in ["-wal", "-shm", "-journal"] { unlink(path + suffix) }
        guard rename(draft, path) == 0 else { throw Self.denied("put \(draft) in the place of", path) }
        try flushFolder()
        return summary
    }

    private func checkIsGivenUp(_ isReplacing: Bool) throws(StoreError) {
        guard isReplacing else { throw StoreError(.rejected, "\(path) is there already: --force gives up what it holds") }
        do throws(StoreError) {
            try closed(try StoreFile(path: path).open())
        } catch {
            guard error.code == .rejected else { throw error }
        }
    }

    // MARK: The draft

    private var draft: String { path + ".restoring" }

    private func removeDraft() {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(draft + suffix) }
    }

    /// The copy of the back-up that becomes the store: whole, checked, and with a history of its own.
    private func makeDraft() throws(StoreError) -> Summary {
        removeDraft()
        guard try Self.isStore(backup) else {
            throw StoreError(
                .rejected, "\(backup) is no back-up of an embedded store (one of etcd is restored with etcdctl snapshot restore)")
        }
        try copy(backup, to: draft)
        if access(backup + "-wal", F_OK) == 0 { try copy(backup + "-wal", to: draft + "-wal") }
        let file = StoreFile(path: draft)
        let database: DatabaseQueue
        do throws(StoreError) {
            database = try file.open()
        } catch {
            throw StoreError(error.code, "the back-up \(backup) cannot be restored: \(error.message)")
        }
        let journal = SQLiteJournal(database, file: file)
        let stored = try journal.load()
        try journal.read { database in
            try database.inTransaction {
                try StoreSchema.beginHistory(database)
                return .commit
            }
        }
        try closed(database)
        return Summary(keys: stored.records.count, revision: stored.revision, bytes: try flush(draft))
    }

    /// Closing the last connection moves the log into the file.
    private func closed(_ database: DatabaseQueue) throws(StoreError) {
        do {
            try database.close()
        } catch {
            throw StoreError(.unavailable, "\(path) cannot be closed: \(error)")
        }
    }

    // MARK: Files

    /// Whether a file is an embedded store, or a copy of one.
    ///
    /// By the first 100 bytes (sqlite.org/fileformat2.html, section 1.3): anything else, such as nothing at all, would become an empty store.
    public static func isStore(_ file: String) throws(StoreError) -> Bool {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw denied("read", file) }
        defer { close(descriptor) }
        let head = [UInt8](unsafeUninitializedCapacity: 100) { buffer, count in
            count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
        }
        guard head.count == 100, head.starts(with: Array("SQLite format 3\0".utf8)) else { return false }
        return head[68..<72].reduce(0) { $0 << 8 | Int($1) } == StoreSchema.application
    }

    private func copy(_ source: String, to target: String) throws(StoreError) {
        let reading = open(source, O_RDONLY | O_CLOEXEC)
        guard reading >= 0 else { throw Self.denied("read", source) }
        defer { close(reading) }
        let writing = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard writing >= 0 else { throw Self.denied("write", target) }
        defer { close(writing) }
        while true {
            let count = sendfile(writing, reading, nil, 1 << 20)
            guard count >= 0 else { throw Self.denied("copy \(source) to", target) }
            if count == 0 { return }
        }
    }

    /// - Returns: its size in bytes.
    private func flush(_ file: String) throws(StoreError) -> Int64 {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.denied("read", file) }
        defer { close(descriptor) }
        var status = stat()
        guard fsync(descriptor) == 0, fstat(descriptor, &status) == 0 else { throw Self.denied("flush", file) }
        return Int64(status.st_size)
    }

    /// A rename is durable once the folder is flushed (rename(2), fsync(2)).
    private func flushFolder() throws(StoreError) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.denied("flush", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Self.denied("flush", folder) }
    }

    private static func denied(_ verb: String, _ file: String) -> StoreError {
        StoreError(.denied, "cannot \(verb) \(file): \(String(cString: strerror(errno)))")
    }
}
