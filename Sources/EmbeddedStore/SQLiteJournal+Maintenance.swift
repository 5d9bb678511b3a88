import ClusterStore
import GRDB
import Glibc

/// What is done between two groups of writes: sizes, checks, copies, and giving space back.
extension SQLiteJournal {
    /// Pages of 4 KiB that may be empty before any is given back: 4 MiB.
    private static let slack = 1_024
    /// The most pages that are given back at once, so that no write waits for long: 16 MiB.
    private static let mostPagesAtOnce = 4_096

    /// Gives pages that have been empty for long back to the file system, once they are more than a quarter of the file.
    func giveSpaceBack() throws(StoreError) {
        try read { database in
            let pages = try Pages(database)
            guard pages.free > max(Self.slack, pages.all / 4) else { return }
            let count = min(pages.free - Self.slack / 2, Self.mostPagesAtOnce)
            try database.execute(sql: "PRAGMA incremental_vacuum(\(count))")
        }
    }

    private struct Pages {
        let all: Int
        let free: Int
        let bytes: Int

        init(_ database: Database) throws {
            all = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
            bytes = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
        }
    }

    func size() throws(StoreError) -> StoreSize {
        let pages = try read { try Pages($0) }
        let files = [file.path, file.path + "-wal"].reduce(Int64(0)) { $0 + Self.bytes(of: $1) }
        return StoreSize(bytes: files, used: Int64((pages.all - pages.free) * pages.bytes))
    }

    private static func bytes(of path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// What is wrong with the file: sentences.
    func damage() throws(StoreError) -> [String] {
        do throws(StoreError) {
            let problems = try read { try StoreFile.problems(in: $0) }
            if problems.isEmpty { _ = try load() }
            return problems.map { "\(file.path): \($0)" }
        } catch {
            guard error.code == .rejected else { throw error }
            return [error.message]
        }
    }

    /// A copy of what is durable now. It takes the disk as much space as the store again, until it is read or dropped.
    func backUp() throws(StoreError) -> StoreCopy {
        guard !file.isInMemory else { throw StoreError(.rejected, "a store in memory has no file to copy") }
        let path = file.path + ".backup"
        // Of a process that was killed.
        unlink(path)
        // SQLite would make it readable for all.
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.denied, "cannot write the copy \(path): \(String(cString: strerror(errno)))")
        }
        let copy = CopiedFile(descriptor)
        defer { unlink(path) }
        do {
            try database.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
        } catch {
            let error = error as? DatabaseError
            let code: StoreError.Code = error?.resultCode == .SQLITE_FULL ? .outOfSpace : .unavailable
            throw StoreError(code, "\(file.path) cannot be copied to \(path): \(error?.message ?? "unknown error")")
        }
        return StoreCopy(size: Self.bytes(of: path)) { () throws(StoreError) in try copy.read() }
    }
}

/// A file without a name: it goes when nobody reads it any more.
private final class CopiedFile: Sendable {
    private let descriptor: Int32
    private static let piece = 256 << 10

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func read() throws(StoreError) -> [UInt8]? {
        var problem: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.piece) { buffer, count in
            let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if got < 0 { problem = errno }
            count = max(0, got)
        }
        guard problem == 0 else { throw StoreError(.unavailable, "cannot read the store's copy: \(String(cString: strerror(problem)))") }
        return bytes.isEmpty ? nil : bytes
    }
}
