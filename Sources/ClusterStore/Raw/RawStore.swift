/// A store below all roots, in etcd's terms: keys are bytes, operations take ranges, leases have numbers.
///
/// It is what a store that lives in this process offers, to be served to others; a ``RootedStore`` makes a ``ClusterStore`` of it.
public protocol RawStore: Sendable {
    /// Where the store is, for messages.
    var location: String { get }

    /// A number that tells this store's history from another's: it is drawn once, when the store is made. Never 0.
    var identity: UInt64 { get }

    /// Carries out a transaction at one revision. One that only reads does not raise the revision.
    /// - Throws: ``StoreError/Code/rejected`` if it breaks a rule (an empty key, a key written twice, more than 128 compares or steps,
    ///   more than 1.5 MiB) or reads a revision that is forgotten or to come; ``StoreError/Code/leaseNotFound`` if it puts a key under a lease that is not there.
    func perform(_ transaction: RawTransaction) async throws(StoreError) -> RawOutcome

    /// Tells the changes in a range, from a revision on; nil is the next one.
    func watch(_ range: KeyRange, from start: StoreRevision?) -> RawWatch

    /// Grants a lease with an id of the caller's choice, or the store's.
    /// - Throws: ``StoreError/Code/rejected`` for an id that is in use, or a time that is not positive.
    func grantRawLease(_ id: Int64?, seconds: Int64) async throws(StoreError) -> RawLease

    /// Gives a lease its whole time again.
    /// - Throws: ``StoreError/Code/leaseNotFound`` if it is gone.
    func renewRawLease(_ id: Int64) async throws(StoreError) -> RawLease

    /// Ends a lease and deletes its keys, in one revision.
    /// - Throws: ``StoreError/Code/leaseNotFound`` if it is gone.
    func revokeRawLease(_ id: Int64) async throws(StoreError)

    /// A lease as it is, or nil if it is gone.
    func rawLease(_ id: Int64) async throws(StoreError) -> RawLease?

    /// Forgets the changes up to a revision, so that no watch can start at it or before; nil is the present one.
    func compact(through revision: StoreRevision?) async throws(StoreError) -> RawCompaction

    /// The revision that every answer from now on is at least at.
    func currentRevision() async throws(StoreError) -> StoreRevision
}

/// How forgetting ended.
public enum RawCompaction: Hashable, Sendable {
    case done
    /// Changes after that revision are forgotten already.
    case forgottenBefore
    /// There has been no such revision.
    case future
}

/// What a ``RawWatch`` tells.
public enum RawWatchEvent: Hashable, Sendable {
    /// Changes of one or several whole revisions, in order.
    case changes([RawChange])
    /// Changes have been missed: those up to this revision are forgotten. The watch is over.
    case compacted(StoreRevision)
}

/// A watch of a range that keeps no queue of its own: it reads the store's history at its reader's pace. Dropping it ends it.
public final class RawWatch: Sendable {
    private let read: @Sendable () async -> RawWatchEvent?

    public init(_ read: @escaping @Sendable () async -> RawWatchEvent?) {
        self.read = read
    }

    /// The next event; nil when the reading task is cancelled or the watch is over.
    public func next() async -> RawWatchEvent? {
        await read()
    }
}
