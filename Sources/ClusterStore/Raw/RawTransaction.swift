/// What must hold of one key, in etcd's terms: its numbers are 0 while it does not exist.
public struct RawCompare: Hashable, Sendable {
    /// What is compared, and with which value.
    public enum Target: Hashable, Sendable {
        case created(StoreRevision)
        case modified(StoreRevision)
        case version(Int64)
        case lease(Int64)
        /// Holds of no key that does not exist, whatever the relation.
        case value([UInt8])
    }

    /// How the key's side relates to the given one.
    public enum Relation: Hashable, Sendable {
        case equal
        case notEqual
        case greater
        case less
    }

    public let key: RawKey
    public let target: Target
    public let relation: Relation

    public init(_ key: RawKey, _ target: Target, _ relation: Relation = .equal) {
        self.key = key
        self.target = target
        self.relation = relation
    }
}

/// One step of a transaction.
public enum RawOperation: Hashable, Sendable {
    /// - limit: the most records to return; 0 is no limit.
    /// - at: the revision whose state is wanted; nil is the present one.
    case read(KeyRange, limit: Int = 0, at: StoreRevision? = nil)
    case put(RawKey, [UInt8], lease: Int64? = nil)
    case delete(KeyRange)
}

/// Compares, and what is done together if all of them hold or if one does not.
public struct RawTransaction: Hashable, Sendable {
    public var compares: [RawCompare]
    public var success: [RawOperation]
    public var failure: [RawOperation]

    public init(_ compares: [RawCompare] = [], then success: [RawOperation], otherwise failure: [RawOperation] = []) {
        self.compares = compares
        self.success = success
        self.failure = failure
    }
}

/// What one step of a transaction came to.
public enum RawResult: Hashable, Sendable {
    /// - count: how many there are in the range, whatever the limit.
    case read([RawRecord], count: Int)
    case put(previous: RawRecord?)
    case deleted([RawRecord])
}

/// How a transaction ended.
public struct RawOutcome: Hashable, Sendable {
    /// Whether the compares held.
    public let succeeded: Bool
    /// The store's revision after it.
    public let revision: StoreRevision
    /// One a step of the branch that was taken.
    public let results: [RawResult]

    public init(succeeded: Bool, revision: StoreRevision, results: [RawResult]) {
        self.succeeded = succeeded
        self.revision = revision
        self.results = results
    }
}
