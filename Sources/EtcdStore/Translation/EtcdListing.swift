import ClusterStore
import EtcdProtocol

/// What was listed, and the head of the answer, which tells one store's history from another's.
struct EtcdListing: Sendable {
    let header: EtcdResponseHeader
    let snapshot: StoreSnapshot

    init(header: EtcdResponseHeader, entries: StoreEntries) {
        self.header = header
        snapshot = StoreSnapshot(revision: StoreRevision(header.revision), entries: entries)
    }
}
