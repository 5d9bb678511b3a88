/// A point in the store's history: it grows with every transaction. 0 is before the first.
public struct StoreRevision: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: Int64

    public init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    public static let zero = StoreRevision(0)
    public var next: StoreRevision { StoreRevision(rawValue + 1) }
    public static func < (left: StoreRevision, right: StoreRevision) -> Bool { left.rawValue < right.rawValue }
    public var description: String { String(rawValue) }
}

/// A lease: what is put under it disappears when it expires. Consul calls it a session.
public struct LeaseID: Hashable, Sendable, CustomStringConvertible {
    /// etcd's decimal number, Consul's UUID.
    public let rawValue: String

    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    public var description: String { rawValue }
}

/// A key with its value and when it was written.
public struct StoreEntry: Hashable, Sendable {
    public let key: StoreKey
    public let value: [UInt8]
    /// The revision that created the key.
    public let created: StoreRevision
    /// The revision that last wrote it: what ``StoreCompare/unchanged(_:since:)`` compares.
    public let modified: StoreRevision
    public let lease: LeaseID?

    public init(key: StoreKey, value: [UInt8], created: StoreRevision, modified: StoreRevision, lease: LeaseID? = nil) {
        self.key = key
        self.value = value
        self.created = created
        self.modified = modified
        self.lease = lease
    }
}

/// All the entries below a prefix, as they were at one revision.
public struct StoreSnapshot: Hashable, Sendable {
    public let revision: StoreRevision
    /// In the order of their keys.
    public let entries: StoreEntries

    public init(revision: StoreRevision, entries: StoreEntries) {
        self.revision = revision
        self.entries = entries
    }

    public init(revision: StoreRevision, entries: [StoreEntry]) {
        self.init(revision: revision, entries: StoreEntries(entries))
    }
}

/// One key written or removed.
public enum StoreChange: Hashable, Sendable {
    case put(StoreEntry)
    case deleted(StoreKey)

    public var key: StoreKey {
        switch self {
        case .put(let entry): entry.key
        case .deleted(let key): key
        }
    }
}
