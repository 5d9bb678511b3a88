/// The part of a store that is ours: users share stores, and nothing is listed or deleted outside of it.
public struct StoreRoot: Hashable, Sendable {
    /// With a slash at its end; empty when the whole store is ours.
    private let prefix: [UInt8]

    /// - Parameter path: slashes at its ends do not count.
    public init(_ path: String) {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).drop(while: \.isEmpty)
        let trimmed = name.reversed().drop(while: \.isEmpty).reversed().joined(separator: "/")
        prefix = trimmed.isEmpty ? [] : Array(trimmed.utf8) + [UInt8(ascii: "/")]
    }

    func rawKey(_ key: StoreKey) -> RawKey {
        RawKey(prefix + key.path.utf8)
    }

    func key(_ key: RawKey) -> StoreKey {
        StoreKey(path: String(decoding: key.bytes.dropFirst(prefix.count), as: UTF8.self))
    }

    func range(below prefix: StoreKey) -> KeyRange {
        KeyRange(prefix: rawKey(prefix))
    }

    func entry(_ record: RawRecord) -> StoreEntry {
        StoreEntry(
            key: key(record.key), value: record.value, created: record.created, modified: record.modified,
            lease: record.lease.map { LeaseID(String($0)) })
    }

    func change(_ change: RawChange) -> StoreChange {
        switch change {
        case .put(let record): .put(entry(record))
        case .deleted(let key, _): .deleted(self.key(key))
        }
    }
}
