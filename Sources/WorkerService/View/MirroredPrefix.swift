import ClusterCatalog
import ClusterStore

/// The records below one watched prefix, compared by value.
///
/// Besides what the watch tells it takes this process's own committed writes at once, and knows by their revisions that a later event
/// tells old news.
struct MirroredPrefix<ID: Hashable & Sendable, Record: Codable & Hashable & Sendable>: Sendable {
    /// A record that is new or gone, and what was known before.
    typealias Change = (id: ID, record: Record?, before: Record?)

    private(set) var records: [ID: CatalogEntry<Record>] = [:]
    /// Whether a snapshot has come.
    private(set) var isInSync = false
    /// What this process deleted itself, and up to which revision that is known, until the watch has come as far.
    private var deleted: [ID: StoreRevision] = [:]
    private let parse: @Sendable (StoreKey) -> ID?
    private let refuse: @Sendable (CatalogError) -> Void

    /// - Parameters:
    ///   - parse: the id in a key; nil for a key that is none of ours.
    ///   - refuse: is told of a value that this version cannot read, which leaves what was known.
    init(parse: @escaping @Sendable (StoreKey) -> ID?, refuse: @escaping @Sendable (CatalogError) -> Void) {
        self.parse = parse
        self.refuse = refuse
    }

    /// Takes what a watch yields; an interruption changes nothing.
    mutating func take(_ event: WatchEvent) -> [Change] {
        switch event {
        case .snapshot(let snapshot): replace(with: snapshot)
        case .changes(let changes, let revision): apply(changes, upTo: revision)
        case .interrupted: []
        }
    }

    /// Takes everything below the prefix; what is not among it is gone.
    private mutating func replace(with snapshot: StoreSnapshot) -> [Change] {
        isInSync = true
        var changes: [Change] = []
        var present: Set<ID> = []
        present.reserveCapacity(snapshot.entries.count)
        for entry in snapshot.entries {
            guard let id = parse(entry.key) else { continue }
            present.insert(id)
            if let change = put(id, entry) { changes.append(change) }
        }
        for (id, known) in records where !present.contains(id) && known.revision <= snapshot.revision {
            records[id] = nil
            changes.append((id, nil, known.record))
        }
        forgetDeletions(upTo: snapshot.revision)
        return changes
    }

    private mutating func apply(_ news: [StoreChange], upTo revision: StoreRevision) -> [Change] {
        var changes: [Change] = []
        for change in news {
            guard let id = parse(change.key) else { continue }
            switch change {
            case .put(let entry):
                if let change = put(id, entry) { changes.append(change) }
            case .deleted:
                if let known = records[id], known.revision < revision {
                    records[id] = nil
                    changes.append((id, nil, known.record))
                }
            }
        }
        forgetDeletions(upTo: revision)
        return changes
    }

    /// Takes this process's own write.
    /// - Returns: the change, or none if the watch was faster or the value is the same.
    mutating func commit(_ record: Record, of id: ID, at revision: StoreRevision) -> [Change] {
        guard records[id].map({ $0.revision < revision }) ?? true else { return [] }
        return set(id, CatalogEntry(record, revision: revision)).map { [$0] } ?? []
    }

    /// Takes this process's own deletion of a record: what the watch still tells of it is old news.
    /// - Parameter revision: of the deletion; nil if the answer was lost, and then only the record as it was known is old news.
    /// - Returns: the change, or none if nothing was known.
    mutating func commitDeletion(of id: ID, at revision: StoreRevision?) -> [Change] {
        let known = records.removeValue(forKey: id)
        deleted[id] = [known?.revision, revision].compactMap(\.self).max()
        return known.map { [(id, nil, $0.record)] } ?? []
    }

    private mutating func put(_ id: ID, _ entry: StoreEntry) -> Change? {
        if let known = records[id], entry.modified <= known.revision { return nil }
        if let gone = deleted[id], entry.modified <= gone { return nil }
        do throws(CatalogError) {
            return set(id, try CatalogEntry(entry))
        } catch {
            refuse(error)
            return nil
        }
    }

    private mutating func set(_ id: ID, _ entry: CatalogEntry<Record>) -> Change? {
        let before = records.updateValue(entry, forKey: id)?.record
        return before == entry.record ? nil : (id, entry.record, before)
    }

    private mutating func forgetDeletions(upTo revision: StoreRevision) {
        guard !deleted.isEmpty else { return }
        deleted = deleted.filter { $0.value >= revision }
    }
}
