/// A change, and what was there before.
struct RecordedChange: Hashable, Sendable {
    let change: RawChange
    let previous: RawRecord?

    /// The bytes of keys and values.
    fileprivate var size: Int {
        let after =
            switch change {
            case .put(let record): record.key.bytes.count + record.value.count
            case .deleted(let key, _): key.bytes.count
            }
        return after + (previous?.value.count ?? 0)
    }
}

/// The latest changes of a store: what watches read, and what reads of a past revision undo.
struct ChangeHistory: Sendable {
    /// How much is kept, whichever bound is reached first.
    struct Bounds: Sendable {
        var revisions = 10_000
        /// The bytes of keys and values.
        var bytes = 16 << 20
    }

    private struct Revision {
        let number: StoreRevision
        let changes: [RecordedChange]
        let bytes: Int
    }

    private let bounds: Bounds
    /// In their order, without a gap.
    private var revisions: [Revision] = []
    private var bytes = 0
    /// The last revision whose changes are forgotten.
    private(set) var compacted: StoreRevision

    init(after revision: StoreRevision, bounds: Bounds = Bounds()) {
        self.bounds = bounds
        compacted = revision
    }

    // MARK: Writing

    /// Adds the changes of one revision.
    mutating func record(_ changes: [RecordedChange], at revision: StoreRevision) {
        let size = changes.reduce(0) { $0 + $1.size }
        revisions.append(Revision(number: revision, changes: changes, bytes: size))
        bytes += size
        trim()
    }

    /// Forgets in portions, since it moves what is left.
    private mutating func trim() {
        guard revisions.count > bounds.revisions || bytes > bounds.bytes else { return }
        var left = (revisions: revisions.count, bytes: bytes)
        let forgotten = revisions.prefix { revision in
            defer { left = (left.revisions - 1, left.bytes - revision.bytes) }
            return left.revisions > bounds.revisions / 8 * 7 || left.bytes > bounds.bytes / 8 * 7
        }
        if let last = forgotten.last { compact(through: last.number) }
    }

    /// Forgets the changes up to a revision.
    mutating func compact(through revision: StoreRevision) {
        let forgotten = revisions.prefix(revisions.partitionPoint { $0.number <= revision })
        bytes -= forgotten.reduce(0) { $0 + $1.bytes }
        revisions.removeFirst(forgotten.count)
        compacted = max(compacted, revision)
    }

    // MARK: Reading

    /// The changes in a range, from a revision on and up to another.
    func changes(in range: KeyRange, from start: StoreRevision, through end: StoreRevision) -> [RawChange] {
        let unread = revisions[revisions.partitionPoint { $0.number < start }...].prefix { $0.number <= end }
        return unread.lazy.flatMap(\.changes).map(\.change).filter { range.contains($0.key) }
    }

    /// Records of a range as they were at a revision that is not forgotten, from what they are now.
    func undo(to revision: StoreRevision, in range: KeyRange, from records: [RawRecord]) -> [RawRecord] {
        let later = revisions[revisions.partitionPoint { $0.number <= revision }...]
        var byKey = Dictionary(records.map { ($0.key, $0) }, uniquingKeysWith: { _, last in last })
        for change in later.reversed().lazy.flatMap({ $0.changes.reversed() }) where range.contains(change.change.key) {
            byKey[change.change.key] = change.previous
        }
        return byKey.values.sorted { $0.key < $1.key }
    }
}
