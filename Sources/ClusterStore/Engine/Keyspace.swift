/// The keys and values of a store at one revision: a value, without time, leases or history.
struct Keyspace: Sendable {
    /// As in etcd, an empty store is at revision 1.
    static let firstRevision = StoreRevision(1)

    private(set) var revision: StoreRevision
    private var records: [RawKey: RawRecord]
    /// The keys, sorted.
    private var order: [RawKey]

    init(revision: StoreRevision = firstRevision, records: [RawRecord] = []) {
        self.revision = revision
        self.records = Dictionary(records.map { ($0.key, $0) }, uniquingKeysWith: { _, last in last })
        order = self.records.keys.sorted()
    }

    // MARK: Reading

    /// The first records of a range, and how many it has.
    func records(in range: KeyRange, limit: Int) -> (records: [RawRecord], count: Int) {
        let positions = positions(of: range)
        let wanted = limit > 0 ? positions.prefix(limit) : positions
        return (wanted.compactMap { records[order[$0]] }, positions.count)
    }

    private func positions(of range: KeyRange) -> Range<Int> {
        let start = order.partitionPoint { $0 < range.first }
        guard let bound = range.bound else { return start..<order.endIndex }
        let rest = order[start...]
        return start..<rest.partitionPoint { $0 < bound }
    }

    func holds(_ compare: RawCompare) -> Bool {
        let record = records[compare.key]
        return switch compare.target {
        case .created(let revision): compare.relation.holds(record?.created ?? .zero, revision)
        case .modified(let revision): compare.relation.holds(record?.modified ?? .zero, revision)
        case .version(let version): compare.relation.holds(record?.version ?? 0, version)
        case .lease(let lease): compare.relation.holds(record?.lease ?? 0, lease)
        case .value(let value): record.map { compare.relation.holds(RawKey($0.value), RawKey(value)) } ?? false
        }
    }

    // MARK: Writing

    /// Takes steps in their order, all at the next revision; if none of them changes anything, the revision stays.
    mutating func perform(_ operations: [RawOperation]) -> (results: [RawResult], changes: [RecordedChange]) {
        let next = revision.next
        var changes: [RecordedChange] = []
        let results = operations.map { operation -> RawResult in
            switch operation {
            case .read(let range, let limit, _):
                let (records, count) = records(in: range, limit: limit)
                return .read(records, count: count)
            case .put(let key, let value, let lease):
                let (record, previous) = put(key, value, lease: lease, at: next)
                changes.append(RecordedChange(change: .put(record), previous: previous))
                return .put(previous: previous)
            case .delete(let range):
                let deleted = delete(range)
                changes += deleted.map { RecordedChange(change: .deleted($0.key, at: next), previous: $0) }
                return .deleted(deleted)
            }
        }
        if !changes.isEmpty { revision = next }
        return (results, changes)
    }

    private mutating func put(
        _ key: RawKey, _ value: [UInt8], lease: Int64?, at revision: StoreRevision
    ) -> (record: RawRecord, previous: RawRecord?) {
        let previous = records[key]
        let record = RawRecord(
            key: key, value: value, created: previous?.created ?? revision, modified: revision, version: (previous?.version ?? 0) + 1,
            lease: lease)
        if previous == nil { order.insert(key, at: order.partitionPoint { $0 < key }) }
        records[key] = record
        return (record, previous)
    }

    private mutating func delete(_ range: KeyRange) -> [RawRecord] {
        let positions = positions(of: range)
        let deleted = positions.compactMap { records.removeValue(forKey: order[$0]) }
        order.removeSubrange(positions)
        return deleted
    }
}

extension RawCompare.Relation {
    fileprivate func holds<Value: Comparable>(_ value: Value, _ given: Value) -> Bool {
        switch self {
        case .equal: value == given
        case .notEqual: value != given
        case .greater: value > given
        case .less: value < given
        }
    }
}
