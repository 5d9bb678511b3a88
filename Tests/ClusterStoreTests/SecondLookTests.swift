import ClusterStore
import Testing

/// What a watch does not believe at first sight (lesson 10).
struct SecondLookTests {
    private final class Watch {
        private var look = SecondLook()

        func doubt(about snapshot: StoreSnapshot) -> SecondLook.Doubt? { look.doubt(about: snapshot) }
        func take(_ changes: [StoreChange], at revision: Int64) { look.take(changes, at: StoreRevision(revision)) }
    }

    private func entry(_ path: Int, at revision: Int64 = 1) -> StoreEntry {
        StoreEntry(key: StoreKey(path: "\(path)"), value: [], created: StoreRevision(revision), modified: StoreRevision(revision))
    }

    private func snapshot(_ keys: Range<Int>, at revision: Int64) -> StoreSnapshot {
        StoreSnapshot(revision: StoreRevision(revision), entries: keys.map { entry($0) })
    }

    @Test func `the first snapshot is believed, and any that leaves at least half`() {
        let look = Watch()
        #expect(look.doubt(about: snapshot(0..<0, at: 1)) == nil)
        #expect(look.doubt(about: snapshot(0..<10, at: 2)) == nil)
        #expect(look.doubt(about: snapshot(0..<5, at: 2)) == nil)
        #expect(look.doubt(about: snapshot(2..<100, at: 9)) == nil)
    }

    @Test(arguments: [0..<0, 0..<4, 100..<200]) func `one that takes most away is believed at the second look`(left: Range<Int>) {
        let look = Watch()
        #expect(look.doubt(about: snapshot(0..<10, at: 5)) == nil)
        #expect(look.doubt(about: snapshot(left, at: 6)) == .mostIsGone)
        #expect(look.doubt(about: snapshot(left, at: 7)) == nil)
        #expect(look.doubt(about: snapshot(left, at: 7)) == nil)
    }

    @Test func `one that is older is believed at the second look`() {
        let look = Watch()
        #expect(look.doubt(about: snapshot(0..<10, at: 5)) == nil)
        #expect(look.doubt(about: snapshot(0..<10, at: 4)) == .isOlder)
        #expect(look.doubt(about: snapshot(0..<10, at: 4)) == nil)
    }

    @Test func `a doubt that the second look does not share is forgotten`() {
        let look = Watch()
        #expect(look.doubt(about: snapshot(0..<10, at: 5)) == nil)
        #expect(look.doubt(about: snapshot(0..<0, at: 6)) == .mostIsGone)
        #expect(look.doubt(about: snapshot(0..<10, at: 6)) == nil)
        #expect(look.doubt(about: snapshot(0..<0, at: 6)) == .mostIsGone)
        #expect(look.doubt(about: snapshot(0..<0, at: 4)) == .isOlder)
        #expect(look.doubt(about: snapshot(0..<0, at: 4)) == nil)
    }

    @Test func `what changes is known too`() {
        let look = Watch()
        #expect(look.doubt(about: snapshot(0..<0, at: 1)) == nil)
        look.take([.put(entry(1)), .put(entry(2)), .put(entry(2))], at: 5)
        #expect(look.doubt(about: snapshot(0..<0, at: 5)) == .mostIsGone)
        look.take([.deleted(StoreKey(path: "1")), .deleted(StoreKey(path: "2"))], at: 6)
        #expect(look.doubt(about: snapshot(0..<0, at: 6)) == nil)
        #expect(look.doubt(about: snapshot(0..<0, at: 5)) == .isOlder)
    }
}
