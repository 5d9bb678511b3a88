import ClusterStore
import EtcdProtocol

/// The prefix of all of Skein's keys in a store that others use too, and what the store's keys and entries are below it.
struct EtcdRoot: Sendable {
    /// Empty, or ends in a slash.
    private let prefix: [UInt8]

    /// - Parameter root: a path; slashes at its ends do not count.
    init(_ root: String) {
        let segments = root.split(separator: "/", omittingEmptySubsequences: true)
        prefix = Array(segments.map { $0 + "/" }.joined().utf8)
    }

    func bytes(of key: StoreKey) -> [UInt8] { prefix + key.path.utf8 }

    func contains(_ bytes: [UInt8]) -> Bool { bytes.starts(with: prefix) }

    /// The keys that start with a key; never one outside the root.
    func range(below key: StoreKey) -> EtcdKeyRange { EtcdKeyRange(prefix: bytes(of: key)) }

    func key(of bytes: [UInt8]) -> StoreKey { StoreKey(path: String(decoding: bytes.dropFirst(prefix.count), as: UTF8.self)) }

    func entry(of keyValue: EtcdKeyValue) -> StoreEntry {
        StoreEntry(
            key: key(of: keyValue.key), value: keyValue.value, created: StoreRevision(keyValue.createRevision),
            modified: StoreRevision(keyValue.modRevision), lease: keyValue.lease == 0 ? nil : LeaseID(String(keyValue.lease)))
    }

    func change(of event: EtcdEvent) -> StoreChange {
        event.type == .put ? .put(entry(of: event.kv)) : .deleted(key(of: event.kv.key))
    }
}
