import ClusterCatalog
import ClusterStore

/// The records below one watched prefix, compared by value.
///
/// Besides what the watch tells it takes this process's own committed writes at once, and knows by their revisions that a later event
/// tells old news. What the store is said to have lost may be kept until somebody has looked again.
struct MirroredPrefix<ID: Hashable & Sendable, Record: Codable & Hashable & Sendable>: Sendable {
    /// A record that is new or gone, and what was known before.
    typealias Change = (id: ID, record: Record?, before: Record?)

    private(set) var records: [ID: CatalogEntry<Record>] = [:]
    /// What the store has no more by its own word, and what is not believed yet.
    private(set) var missing: Set<ID> = []
    /// What this process has tried to delete without learning whether it is done: should it go, it is gone.
    private var givenUp: Set<ID> = []
    /// Up to where the watch has told.
    private var told = StoreRevision.zero
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
    /// - Parameter isBelieved: is asked about everything that goes at once: whether it is gone, or only missing from now on.
    mutating func take(_ event: WatchEvent, believing isBelieved: ([(id: ID, record: Record)]) -> Bool = { _ in true }) -> [Change] {
        switch event {
        case .snapshot(let snapshot): replace(with: snapshot, isBelieved)
        case .changes(let changes, let revision): apply(changes, upTo: revision, isBelieved)
        case .interrupted: []
        }
    }

    /// What was missing is gone.
    mutating func believe(_ ids: some Sequence<ID>) -> [Change] {
        ids.filter { missing.contains($0) }.compactMap { remove($0) }
    }

    /// This process has asked for a record's deletion, and the answer was lost.
    mutating func giveUp(_ id: ID) {
        if records[id] != nil { givenUp.insert(id) }
    }

    private mutating func lose(_ ids: some Collection<ID>, _ isBelieved: ([(id: ID, record: Record)]) -> Bool) -> [Change] {
        let expected = ids.filter { givenUp.contains($0) }.compactMap { remove($0) }
        let lost = ids.compactMap { id in records[id].map { (id, $0.record) } }
        guard !lost.isEmpty else { return expected }
        if isBelieved(lost) { return expected + ids.compactMap { remove($0) } }
        missing.formUnion(lost.map(\.0))
        return expected
    }

    private mutating func remove(_ id: ID) -> Change? {
        missing.remove(id)
        givenUp.remove(id)
        return records.removeValue(forKey: id).map { (id, nil, $0.record) }
    }

    /// Takes everything below the prefix; what is not among it is gone.
    private mutating func replace(with snapshot: StoreSnapshot, _ isBelieved: ([(id: ID, record: Record)]) -> Bool) -> [Change] {
        isInSync = true
        // A store that counts anew has another history: what was known of revisions means nothing in it.
        let isAnew = snapshot.revision < told
        told = snapshot.revision
        if isAnew { deleted = [:] }
        var changes: [Change] = []
        var present: Set<ID> = []
        present.reserveCapacity(snapshot.entries.count)
        records.reserveCapacity(snapshot.entries.count)
        for entry in snapshot.entries {
            guard let id = parse(entry.key) else { continue }
            present.insert(id)
            if !givenUp.isEmpty { givenUp.remove(id) }
            if isAnew { missing.insert(id) }
            if let change = put(id, entry) { changes.append(change) }
        }
        // The watch may tell of a deletion sooner than it is known that its answer was lost: what is missing by then is gone after all.
        let gone = records.filter { id, known in
            !present.contains(id) && (!missing.contains(id) || givenUp.contains(id)) && (isAnew || known.revision <= snapshot.revision)
        }
        changes += lose(gone.keys, isBelieved)
        forgetDeletions(upTo: snapshot.revision)
        return changes
    }

    private mutating func apply(
        _ news: [StoreChange], upTo revision: StoreRevision, _ isBelieved: ([(id: ID, record: Record)]) -> Bool
    ) -> [Change] {
        told = revision
        var changes: [Change] = []
        var gone: Set<ID> = []
        for change in news {
            guard let id = parse(change.key) else { continue }
            switch change {
            case .put(let entry):
                gone.remove(id)
                if let change = put(id, entry) { changes.append(change) }
            case .deleted:
                if let known = records[id], known.revision < revision, !missing.contains(id) { gone.insert(id) }
            }
        }
        changes += lose(gone, isBelieved)
        forgetDeletions(upTo: revision)
        return changes
    }

    /// Takes this process's own write.
    /// - Returns: the change, or none if the watch was faster or the value is the same.
    mutating func commit(_ record: Record, of id: ID, at revision: StoreRevision) -> [Change] {
        guard missing.contains(id) || records[id].map({ $0.revision < revision }) ?? true else { return [] }
        return set(id, CatalogEntry(record, revision: revision)).map { [$0] } ?? []
    }

    /// Takes this process's own deletion of a record: what the watch still tells of it is old news.
    /// - Parameter revision: of the deletion; nil if the answer was lost, and then only the record as it was known is old news.
    /// - Returns: the change, or none if nothing was known.
    mutating func commitDeletion(of id: ID, at revision: StoreRevision?) -> [Change] {
        let known = records.removeValue(forKey: id)
        missing.remove(id)
        givenUp.remove(id)
        deleted[id] = [known?.revision, revision].compactMap(\.self).max()
        return known.map { [(id, nil, $0.record)] } ?? []
    }

    private mutating func put(_ id: ID, _ entry: StoreEntry) -> Change? {
        if let known = records[id], entry.modified <= known.revision, !missing.contains(id) { return nil }
        if let gone = deleted[id], entry.modified <= gone { return nil }
        do throws(CatalogError) {
            return set(id, try CatalogEntry(entry))
        } catch {
            missing.remove(id)
            refuse(error)
            return nil
        }
    }

    private mutating func set(_ id: ID, _ entry: CatalogEntry<Record>) -> Change? {
        missing.remove(id)
        let before = records.updateValue(entry, forKey: id)?.record
        return before == entry.record ? nil : (id, entry.record, before)
    }

    private mutating func forgetDeletions(upTo revision: StoreRevision) {
        guard !deleted.isEmpty else { return }
        deleted = deleted.filter { $0.value >= revision }
    }
}
