public import ClusterStore
public import NetworkModel

/// A whole catalog as it was at one revision, apart from any store: what moves a cluster from one store to another.
public struct CatalogArchive: Hashable, Sendable {
    /// A key and its value, byte by byte.
    public struct Entry: Hashable, Sendable {
        public let key: StoreKey
        public let value: [UInt8]
        /// Whether a lease held it: it is about somebody who was alive when the archive was made.
        public let isLeased: Bool

        public init(key: StoreKey, value: [UInt8], isLeased: Bool) {
            self.key = key
            self.value = value
            self.isLeased = isLeased
        }
    }

    /// Where it was read, for people.
    public let source: String
    /// The revision that it was read at. Revisions mean something in their own store only.
    public let revision: StoreRevision
    /// When, for people (RFC 3339).
    public let time: String
    /// In the order of their keys.
    public let entries: [Entry]

    public init(source: String, revision: StoreRevision, time: String, entries: [Entry]) {
        self.source = source
        self.revision = revision
        self.time = time
        self.entries = entries
    }

    /// - Throws: ``CatalogError/Code/invalid`` if what was listed is no catalog; ``CatalogError/Code/importing`` if it is half of one.
    public init(_ snapshot: StoreSnapshot, of store: any ClusterStore, at time: Timestamp) throws(CatalogError) {
        guard let format = snapshot.entries.first(where: { $0.key == CatalogKeys.format }) else {
            let what = snapshot.entries.isEmpty ? "holds nothing" : "holds \(snapshot.entries.count) keys that are none of a cluster"
            throw CatalogError(.invalid, "\(store.location) \(what): is its path the cluster's?")
        }
        try ClusterCatalog.checkFormat(format)
        self.init(
            source: store.location, revision: snapshot.revision, time: time.description,
            entries: snapshot.entries.map { Entry(key: $0.key, value: $0.value, isLeased: $0.lease != nil) })
    }

    /// How many keys of each kind there are: the first segments of the keys, in their order.
    public var kinds: [(kind: String, count: Int)] {
        let counts = entries.reduce(into: [String: Int]()) { $0[$1.key.segments.first ?? "", default: 0] += 1 }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
