import ClusterStore
import EtcdProtocol

/// What was listed, and the head of the answer, which tells one store's history from another's.
struct EtcdListing: Sendable {
    let header: EtcdResponseHeader
    let snapshot: StoreSnapshot

    init(header: EtcdResponseHeader, entries: [StoreEntry]) {
        self.header = header
        snapshot = StoreSnapshot(revision: StoreRevision(header.revision), entries: entries)
    }

    /// Prefixes in order, without those that another one covers: their entries one after the other are in order, and none comes twice.
    static func disjoint(_ prefixes: [StoreKey]) -> [StoreKey] {
        var kept: [StoreKey] = []
        for prefix in prefixes.sorted() where kept.last.map({ !prefix.hasPrefix($0) }) ?? true { kept.append(prefix) }
        return kept
    }
}
