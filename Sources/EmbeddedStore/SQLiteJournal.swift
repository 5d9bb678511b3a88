import ClusterStore
import Dispatch
import GRDB
import Synchronization

/// A store's writes as rows: each group is one transaction, on the disk when it is committed.
final class SQLiteJournal: StoreJournal {
    let database: DatabaseQueue
    let file: StoreFile
    /// Its thread waits for the disk; no other does.
    private let writer = DispatchQueue(label: "skein.embedded-store")
    private let groups = Atomic(0)

    /// How many groups are written before somebody looks whether space can be given back.
    private static let groupsPerLook = 256

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
                    for entry in entries { try StoreRows.write(entry, to: database) }
                    isComplete = true
                    return .commit
                }
            }
        } catch {
            throw writingError(error, duringCommit: isComplete)
        }
        if groups.add(1, ordering: .relaxed).newValue.isMultiple(of: Self.groupsPerLook) {
            // What cannot be given back now can be later, and nobody waits for it.
            schedule { try? self.giveSpaceBack() }
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
        try read { try StoreRows.state($0) }
    }

    func identity() throws(StoreError) -> UInt64 {
        try read { try StoreRows.identity($0) }
    }

    /// Reads, or does what needs no transaction of its own.
    func read<Value>(_ query: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try database.writeWithoutTransaction(query)
        } catch {
            throw file.readingError(error)
        }
    }

    // MARK: On the writer's thread

    /// Does something between two groups.
    func onWriter<Value: Sendable>(
        _ work: @escaping @Sendable (SQLiteJournal) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            schedule { continuation.resume(returning: Result { () throws(StoreError) in try work(self) }) }
        }
        return try result.get()
    }
}
