/// A key/value store shared by all nodes: the only thing they share.
///
/// Every read is linearizable; every write is a transaction that compares. Implementations pass the conformance suite in
/// `Tests/StoreConformance`. Keys are relative to the store's root, which the implementation prepends.
public protocol ClusterStore: Sendable {
    /// Where the store is, for messages: such as `etcd://10.0.0.1:2379/skein`.
    var location: String { get }

    /// The most bytes of a value that a transaction of its own can put.
    var largestValue: Int { get }

    /// Whether a watch tells of each change. If not, it may tell what became of a key after several, at once.
    var tellsEveryChange: Bool { get }

    /// Whether a transaction is as small as the store demands, by its number of compares and operations; one that is not is rejected.
    ///
    /// Every store takes 60 compares and deletions in all.
    func takes(_ transaction: StoreTransaction) -> Bool

    /// The entry at a key, or nil.
    func get(_ key: StoreKey) async throws(StoreError) -> StoreEntry?

    /// All entries below prefixes, at one revision, in the order of their keys; `[""]` lists everything.
    func list(_ prefixes: [StoreKey]) async throws(StoreError) -> StoreSnapshot

    /// Carries out a transaction, or tells which compared keys are in the way.
    ///
    /// - Throws: ``StoreError/Code/outcomeUnknown`` if the answer was lost; it never retries a write that may have been done.
    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> CommitOutcome

    /// Watches a prefix: first ``WatchEvent/snapshot(_:)``, then changes; a new snapshot whenever changes may have been missed.
    ///
    /// The watch reconnects with a jittered, capped back-off until its sequence is cancelled or dropped.
    func watch(_ prefix: StoreKey) -> StoreWatch

    /// Grants a lease that lives this long after each renewal; stores may round up to whole seconds.
    func grantLease(lasting ttl: Duration) async throws(StoreError) -> LeaseID

    /// Renews a lease.
    /// - Throws: ``StoreError/Code/leaseNotFound`` if it has expired.
    func renew(_ lease: LeaseID) async throws(StoreError)

    /// Ends a lease and deletes what was put under it. A lease that is gone already is no error.
    func revoke(_ lease: LeaseID) async throws(StoreError)
}

extension ClusterStore {
    /// Well within etcd's `--max-request-bytes`.
    public var largestValue: Int { 1 << 20 }

    public var tellsEveryChange: Bool { true }

    /// etcd's `--max-txn-ops`, which holds for every store that does not say otherwise.
    public func takes(_ transaction: StoreTransaction) -> Bool {
        max(transaction.compares.count, transaction.operations.count) <= TransactionRules.mostSteps
    }

    public func list(_ prefix: StoreKey) async throws(StoreError) -> StoreSnapshot {
        try await list([prefix])
    }
}

/// What a watch yields.
public enum WatchEvent: Sendable {
    /// Everything below the prefix: at the start, and whenever changes may have been missed (compaction, a gap, a reconnect that
    /// cannot resume). Compare whole values with what is known.
    case snapshot(StoreSnapshot)
    /// What changed, in order, and the revision that the view has reached with it; no changes when only the revision moved.
    case changes([StoreChange], StoreRevision)
    /// The store cannot be reached; what is known may be stale until the next event. Said once for each interruption.
    case interrupted(StoreError)
}

/// A running watch. Cancelling the task that iterates it, or dropping it, ends the watch.
public struct StoreWatch: AsyncSequence, Sendable {
    public typealias Element = WatchEvent
    public typealias Failure = Never
    public typealias AsyncIterator = AsyncStream<WatchEvent>.Iterator

    private let stream: AsyncStream<WatchEvent>

    public init(_ stream: AsyncStream<WatchEvent>) {
        self.stream = stream
    }

    public func makeAsyncIterator() -> AsyncStream<WatchEvent>.Iterator {
        stream.makeAsyncIterator()
    }
}
