import ClusterStore
import TestSupport
import Testing

@Suite struct StoreEntriesTests {
    private func entry(_ path: String, _ value: String = "", lease: String? = nil, at revision: Int64 = 1) -> StoreEntry {
        StoreEntry(
            key: StoreKey(path: path), value: Array(value.utf8), created: StoreRevision(revision), modified: StoreRevision(revision + 1),
            lease: lease.map { LeaseID($0) })
    }

    @Test(arguments: [
        [], ["a"], [""], ["a", "a/b", "ab"], ["endpoints/1/a", "endpoints/1/b", "endpoints/2/a"], ["ä", "ö"],
        // In no order, which takes from what they are kept in and not from what they are.
        ["b/1", "a", "b/2"],
    ])
    func `entries come out as they were put in`(paths: [String]) {
        let entries = paths.enumerated().map { entry($1, "value \($0)", lease: $0.isMultiple(of: 2) ? "17" : nil, at: Int64($0)) }
        let packed = StoreEntries(entries)
        #expect(Array(packed) == entries)
        #expect(packed.count == entries.count && packed.isEmpty == entries.isEmpty)
        #expect(packed.first == entries.first && packed.last == entries.last)
        #expect(Array(packed.reversed()) == entries.reversed())
    }

    @Test func `empty values and keys that are a prefix of all others are kept`() {
        let entries = [entry("k"), entry("k/1"), entry("k/1/2", "x"), entry("k/2")]
        #expect(Array(StoreEntries(entries)) == entries)
    }

    @Test func `what was packed in pieces is one list`() {
        let seed = TestSeed()
        var generator = seed.generator
        let all = (0..<200).map { entry("k/\($0)", String(repeating: "v", count: $0 % 7), at: Int64($0)) }
        var (packed, rest) = (StoreEntries(), all[...])
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...40, using: &generator))
            packed.append(contentsOf: StoreEntries(Array(piece)))
            packed.append(contentsOf: [])
            rest = rest.dropFirst(piece.count)
        }
        #expect(Array(packed) == all, "seed \(seed.value)")
        #expect(all.indices.shuffled(using: &generator).allSatisfy { packed[$0] == all[$0] }, "seed \(seed.value)")
        #expect(packed == StoreEntries(all) && packed.hashValue == StoreEntries(all).hashValue)
    }

    @Test func `lists that differ in one entry are not equal`() {
        let list: StoreEntries = [entry("a", "1"), entry("b", "2")]
        #expect(list != [entry("a", "1")])
        #expect(list != [entry("a", "1"), entry("b", "3")])
        #expect(list != [entry("a", "1"), entry("b", "2", lease: "9")])
    }
}
