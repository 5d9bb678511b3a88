/// One thing to make durable.
package enum JournalEntry: Hashable, Sendable {
    case put(RawRecord)
    case delete(RawKey)
    /// The store's revision from now on.
    case revision(StoreRevision)
    case grant(Int64, seconds: Int64)
    /// The highest id of a lease that the store has chosen.
    case lastLease(Int64)
    case endLease(Int64)

    init(_ change: RawChange) {
        switch change {
        case .put(let record): self = .put(record)
        case .deleted(let key, _): self = .delete(key)
        }
    }
}

/// What a journal has kept.
package struct StoredState: Sendable {
    package var revision: StoreRevision
    package var records: [RawRecord]
    /// The time of each lease, in seconds.
    package var leases: [Int64: Int64]
    package var lastLease: Int64

    package init(
        revision: StoreRevision = Keyspace.firstRevision, records: [RawRecord] = [], leases: [Int64: Int64] = [:], lastLease: Int64 = 0
    ) {
        self.revision = revision
        self.records = records
        self.leases = leases
        self.lastLease = lastLease
    }
}

/// Where a store's writes become durable: nothing is answered or told to a watch before.
package protocol StoreJournal: Sendable {
    /// Runs work where it may block; pieces of work run one after the other.
    func schedule(_ work: @escaping @Sendable () -> Void)

    /// Makes entries durable, in their order and all or none.
    /// - Throws: ``StoreError/Code/unavailable`` or ``StoreError/Code/outOfSpace`` if none of them is; ``StoreError/Code/outcomeUnknown``
    ///   if that cannot be told.
    func write(_ entries: [JournalEntry]) throws(StoreError)

    /// All that is durable.
    func load() throws(StoreError) -> StoredState
}

/// The journal of a store that lives as long as its process.
struct NoJournal: StoreJournal {
    func schedule(_ work: @escaping @Sendable () -> Void) { work() }
    func write(_ entries: [JournalEntry]) {}
    func load() -> StoredState { StoredState() }
}
