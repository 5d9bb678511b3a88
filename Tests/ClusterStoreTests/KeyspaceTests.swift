import Testing

@testable import ClusterStore

@Suite struct KeyspaceTests {
    private func keyspace(_ keys: String...) -> Keyspace {
        var keyspace = Keyspace()
        for key in keys { _ = keyspace.perform([.put(RawKey(key), Array(key.utf8))]) }
        return keyspace
    }

    private func keys(_ keyspace: Keyspace, _ range: KeyRange, limit: Int = 0) -> [String] {
        keyspace.records(in: range, limit: limit).records.map(\.key.description)
    }

    @Test func `a range is from its first key to before its bound`() {
        let keyspace = keyspace("d", "a", "c", "b")
        #expect(keys(keyspace, KeyRange(from: RawKey("b"), to: RawKey("d"))) == ["b", "c"])
        #expect(keys(keyspace, KeyRange(from: RawKey("b"), to: nil)) == ["b", "c", "d"])
        #expect(keys(keyspace, KeyRange(from: RawKey("d"), to: RawKey("b"))) == [])
        let limited = keyspace.records(in: KeyRange(from: RawKey(""), to: nil), limit: 2)
        #expect(limited.records.map(\.key.description) == ["a", "b"])
        #expect(limited.count == 4)
    }

    @Test func `reading, and deleting nothing, leaves the revision`() {
        var keyspace = keyspace("a")
        let revision = keyspace.revision
        _ = keyspace.perform([.read(KeyRange(RawKey("a"))), .delete(KeyRange(RawKey("b")))])
        #expect(keyspace.revision == revision)
    }

    @Test func `a later step of a transaction sees the earlier ones`() {
        var keyspace = keyspace("a")
        let range = KeyRange(prefix: RawKey(""))
        let (results, _) = keyspace.perform([.delete(KeyRange(RawKey("a"))), .put(RawKey("b"), [1]), .read(range)])
        guard case .read(let records, let count) = results[2] else { return #expect(Bool(false), "no read") }
        #expect(records.map(\.key) == [RawKey("b")])
        #expect(count == 1)
        #expect(records.map(\.modified) == [keyspace.revision])
    }

    @Test func `a key that is written again has a higher version, and one that is made again the first`() {
        var keyspace = keyspace("a", "a")
        #expect(keyspace.records(in: KeyRange(RawKey("a")), limit: 0).records.map(\.version) == [2])
        _ = keyspace.perform([.delete(KeyRange(RawKey("a")))])
        _ = keyspace.perform([.put(RawKey("a"), [])])
        #expect(keyspace.records(in: KeyRange(RawKey("a")), limit: 0).records.map(\.version) == [1])
    }

    @Test(arguments: [
        (RawCompare.Target.version(1), [RawCompare.Relation.equal]), (.version(0), [.greater, .notEqual]),
        (.version(2), [.less, .notEqual]),
        (.created(StoreRevision(2)), [.equal]), (.modified(StoreRevision(3)), [.less, .notEqual]), (.lease(0), [.equal]),
        (.value(Array("a".utf8)), [.equal]), (.value(Array("b".utf8)), [.less, .notEqual]),
    ])
    func `compares hold as in etcd`(target: RawCompare.Target, holding: [RawCompare.Relation]) {
        let keyspace = keyspace("a")
        for relation in [RawCompare.Relation.equal, .notEqual, .greater, .less] {
            #expect(keyspace.holds(RawCompare(RawKey("a"), target, relation)) == holding.contains(relation), "\(relation)")
        }
    }

    @Test func `of a key that does not exist the numbers are 0, and no value holds`() {
        let keyspace = keyspace("a")
        #expect(keyspace.holds(RawCompare(RawKey("b"), .version(0))))
        #expect(keyspace.holds(RawCompare(RawKey("b"), .modified(.zero))))
        #expect(!keyspace.holds(RawCompare(RawKey("b"), .value([]))))
        #expect(!keyspace.holds(RawCompare(RawKey("b"), .value([]), .notEqual)))
    }
}
