/// What must hold for a transaction to be carried out.
public enum StoreCompare: Hashable, Sendable {
    /// The key does not exist.
    case absent(StoreKey)
    /// The key exists, whatever its value.
    case present(StoreKey)
    /// The key was last written at this revision.
    case unchanged(StoreKey, since: StoreRevision)

    public var key: StoreKey {
        switch self {
        case .absent(let key), .present(let key), .unchanged(let key, _): key
        }
    }
}

/// One write of a transaction.
public enum StoreOperation: Hashable, Sendable {
    case put(StoreKey, [UInt8], lease: LeaseID? = nil)
    case delete(StoreKey)
    /// Deletes every key that starts with the given one, which ends in `/`.
    case deleteChildren(StoreKey)
}

/// Compares and writes that happen together or not at all.
///
/// A key may be written only once in a transaction (an etcd rule), and a store may bound the number of compares and writes
/// (``ClusterStore/takes(_:)``): etcd's default is 128 of each, Consul's 64 in all.
public struct StoreTransaction: Hashable, Sendable {
    public var compares: [StoreCompare]
    public var operations: [StoreOperation]

    public init(_ compares: [StoreCompare], then operations: [StoreOperation]) {
        self.compares = compares
        self.operations = operations
    }
}

extension StoreTransaction {
    /// A key that is put and written once more, or nil.
    public var keyWrittenTwice: StoreKey? {
        var written: Set<StoreKey> = []
        for case .put(let key, _, _) in operations {
            guard written.insert(key).inserted else { return key }
        }
        for operation in operations {
            switch operation {
            case .put: continue
            case .delete(let key): if written.contains(key) { return key }
            case .deleteChildren(let prefix):
                if let key = written.first(where: { $0.hasPrefix(prefix.children) }) { return key }
            }
        }
        return nil
    }
}

/// How a transaction ended, when the store answered.
public enum CommitOutcome: Hashable, Sendable {
    /// All writes are done, at this revision.
    case committed(StoreRevision)
    /// A compare did not hold, nothing was written; these are the compared keys that exist, as they are now.
    case conflict([StoreKey: StoreEntry])
}
