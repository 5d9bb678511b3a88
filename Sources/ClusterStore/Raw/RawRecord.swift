/// A key with its value and its history in numbers, as etcd keeps it.
public struct RawRecord: Hashable, Sendable {
    public let key: RawKey
    public let value: [UInt8]
    /// The revision that created the key.
    public let created: StoreRevision
    /// The revision that last wrote it.
    public let modified: StoreRevision
    /// How often it has been written since it was created, from 1.
    public let version: Int64
    /// The lease that it is held by.
    public let lease: Int64?

    public init(key: RawKey, value: [UInt8], created: StoreRevision, modified: StoreRevision, version: Int64, lease: Int64?) {
        self.key = key
        self.value = value
        self.created = created
        self.modified = modified
        self.version = version
        self.lease = lease
    }
}

/// One key written or removed.
public enum RawChange: Hashable, Sendable {
    case put(RawRecord)
    case deleted(RawKey, at: StoreRevision)

    public var key: RawKey {
        switch self {
        case .put(let record): record.key
        case .deleted(let key, _): key
        }
    }

    public var revision: StoreRevision {
        switch self {
        case .put(let record): record.modified
        case .deleted(_, let revision): revision
        }
    }
}

/// A lease as the store that keeps it sees it.
public struct RawLease: Hashable, Sendable {
    /// From 1.
    public let id: Int64
    /// The time that each renewal gives it, in seconds.
    public let seconds: Int64
    /// The time left, in whole seconds.
    public let remaining: Int64
    /// The keys that it holds, in their order.
    public let keys: [RawKey]

    public init(id: Int64, seconds: Int64, remaining: Int64, keys: [RawKey] = []) {
        self.id = id
        self.seconds = seconds
        self.remaining = remaining
        self.keys = keys
    }
}
