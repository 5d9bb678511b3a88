import ClusterCatalog
import ClusterStore
import Testing

@testable import WorkerService

@Suite struct `A mirrored prefix` {
    private func mirror() -> MirroredPrefix<String, String> {
        MirroredPrefix(parse: { $0.segments.last }, refuse: { _ in })
    }

    private func entry(_ id: String, _ value: String, _ revision: Int64) -> StoreEntry {
        StoreEntry(
            key: StoreKey("n", id), value: Array((value == "?" ? "?" : "\"\(value)\"").utf8), created: StoreRevision(1),
            modified: StoreRevision(revision))
    }

    private func snapshot(_ revision: Int64, _ entries: StoreEntry...) -> WatchEvent {
        .snapshot(StoreSnapshot(revision: StoreRevision(revision), entries: entries))
    }

    private func described(_ changes: [MirroredPrefix<String, String>.Change]) -> [String] {
        changes.map { "\($0.id)=\($0.record ?? "gone")" }.sorted()
    }

    @Test func `tells a first snapshot whole`() {
        var mirror = mirror()
        #expect(!mirror.isInSync)
        #expect(described(mirror.take(snapshot(5, entry("a", "1", 2), entry("b", "2", 5)))) == ["a=1", "b=2"])
        #expect(mirror.isInSync)
    }

    @Test func `compares the values of a second snapshot, not its keys`() {
        var mirror = mirror()
        _ = mirror.take(snapshot(5, entry("a", "1", 2), entry("b", "2", 3), entry("c", "3", 4)))
        let changes = mirror.take(snapshot(9, entry("a", "1", 2), entry("b", "new", 8)))
        #expect(described(changes) == ["b=new", "c=gone"])
    }

    @Test func `says nothing of a write that leaves the value`() {
        var mirror = mirror()
        _ = mirror.take(snapshot(5, entry("a", "1", 2)))
        #expect(mirror.take(.changes([.put(entry("a", "1", 6))], StoreRevision(6))).isEmpty)
        #expect(mirror.records["a"]?.revision == StoreRevision(6))
    }

    @Test func `knows its own write when the watch brings it, and older news`() {
        var mirror = mirror()
        _ = mirror.take(snapshot(5))
        #expect(mirror.commit("mine", of: "a", at: StoreRevision(8)).map(\.record) == ["mine"])
        #expect(mirror.take(.changes([.put(entry("a", "older", 7))], StoreRevision(7))).isEmpty)
        #expect(mirror.take(.changes([.deleted(StoreKey("n", "a"))], StoreRevision(7))).isEmpty)
        #expect(mirror.take(snapshot(7)).isEmpty)
        #expect(mirror.take(.changes([.put(entry("a", "mine", 8))], StoreRevision(8))).isEmpty)
        #expect(mirror.records["a"]?.record == "mine")
    }

    @Test func `is not told its own deletion back, nor the write before it`() {
        var mirror = mirror()
        _ = mirror.take(snapshot(5))
        _ = mirror.commit("mine", of: "a", at: StoreRevision(6))
        #expect(mirror.commitDeletion(of: "a", at: nil).count == 1)
        #expect(mirror.take(.changes([.put(entry("a", "mine", 6))], StoreRevision(6))).isEmpty)
        #expect(mirror.take(.changes([.deleted(StoreKey("n", "a"))], StoreRevision(8))).isEmpty)
        #expect(described(mirror.take(.changes([.put(entry("a", "theirs", 9))], StoreRevision(9)))) == ["a=theirs"])
    }

    @Test func `shows nothing that it deleted again, however many snapshots come before the watch's word of it`() {
        var mirror = mirror()
        _ = mirror.take(snapshot(5, entry("a", "mine", 5)))
        #expect(mirror.commitDeletion(of: "a", at: StoreRevision(9)).count == 1)
        for revision: Int64 in [6, 7, 8] { #expect(mirror.take(snapshot(revision, entry("a", "mine", 5))).isEmpty) }
        #expect(mirror.take(.changes([.put(entry("a", "mine", 8))], StoreRevision(8))).isEmpty)
        #expect(mirror.take(.changes([.deleted(StoreKey("n", "a"))], StoreRevision(9))).isEmpty)
        #expect(described(mirror.take(snapshot(11, entry("a", "theirs", 10)))) == ["a=theirs"])
    }

    @Test func `shows nothing that it deleted before it knew it`() {
        var mirror = mirror()
        #expect(mirror.commitDeletion(of: "a", at: StoreRevision(9)).isEmpty)
        #expect(mirror.take(snapshot(7, entry("a", "mine", 5))).isEmpty)
        #expect(mirror.records.isEmpty)
    }

    @Test func `keeps what it knows when a newer peer's value cannot be read`() {
        var mirror = mirror()
        _ = mirror.take(snapshot(5, entry("a", "1", 2)))
        #expect(mirror.take(.changes([.put(entry("a", "?", 6))], StoreRevision(6))).isEmpty)
        #expect(mirror.take(snapshot(7, entry("a", "?", 6))).isEmpty)
        #expect(mirror.records["a"]?.record == "1")
    }

    @Test func `follows a key that goes and comes back in one batch`() {
        var mirror = mirror()
        _ = mirror.take(snapshot(5, entry("a", "1", 2)))
        let changes = mirror.take(.changes([.deleted(StoreKey("n", "a")), .put(entry("a", "2", 7))], StoreRevision(7)))
        #expect(changes.map(\.record) == ["2"])
    }

    @Test func `keeps what is missing until it is believed, and forgets the doubt when it is there again (lesson 10)`() {
        var mirror = mirror()
        _ = mirror.take(snapshot(5, entry("a", "1", 2), entry("b", "2", 3)))
        #expect(mirror.take(snapshot(6)) { _ in false }.isEmpty)
        #expect(mirror.missing == ["a", "b"])
        #expect(mirror.records.count == 2)
        #expect(mirror.take(snapshot(7, entry("a", "1", 2))) { _ in true }.isEmpty)
        #expect(mirror.missing == ["b"])
        #expect(described(mirror.believe(["a", "b"])) == ["b=gone"])
        #expect(mirror.missing.isEmpty)
    }

    @Test func `asks about all that goes at once`() {
        var mirror = mirror()
        _ = mirror.take(snapshot(5, entry("a", "1", 2), entry("b", "2", 3), entry("c", "3", 4)))
        var asked: [Set<String>] = []
        let news: [StoreChange] = [.deleted(StoreKey("n", "a")), .deleted(StoreKey("n", "b")), .put(entry("a", "new", 7))]
        let changes = mirror.take(.changes(news, StoreRevision(7))) { lost in
            asked.append(Set(lost.map(\.id)))
            return true
        }
        #expect(asked == [["b"]])
        #expect(described(changes) == ["a=new", "b=gone"])
    }

    @Test func `takes its own write in place of what was missing`() {
        var mirror = mirror()
        _ = mirror.take(snapshot(50, entry("a", "1", 20)))
        _ = mirror.take(snapshot(3)) { _ in false }
        #expect(mirror.commit("1", of: "a", at: StoreRevision(4)).isEmpty)
        #expect(mirror.missing.isEmpty)
        #expect(mirror.records["a"]?.revision == StoreRevision(4))
    }

    @Test func `takes a store that counts anew at its word`() {
        var mirror = mirror()
        _ = mirror.take(snapshot(50, entry("a", "1", 20), entry("b", "2", 50)))
        let changes = mirror.take(snapshot(3, entry("a", "other", 2), entry("c", "3", 3)))
        #expect(described(changes) == ["a=other", "b=gone", "c=3"])
        #expect(described(mirror.take(.changes([.put(entry("a", "later", 4))], StoreRevision(4)))) == ["a=later"])
    }

    @Test func `believes that what it tried to delete is gone`() {
        var mirror = mirror()
        _ = mirror.take(snapshot(5, entry("a", "1", 2), entry("b", "2", 3), entry("c", "3", 4)))
        mirror.giveUp("a")
        mirror.giveUp("b")
        let changes = mirror.take(.changes([.deleted(StoreKey("n", "a")), .deleted(StoreKey("n", "c"))], StoreRevision(7))) { _ in false }
        #expect(described(changes) == ["a=gone"])
        #expect(mirror.missing == ["c"])
        // It is there still: the deletion was not made.
        _ = mirror.take(snapshot(8, entry("b", "2", 3)))
        #expect(mirror.take(snapshot(9)) { _ in false }.isEmpty)
        #expect(mirror.missing == ["b", "c"])
    }

    @Test func `believes it too when the watch was faster than the lost answer`() {
        var mirror = mirror()
        _ = mirror.take(snapshot(5, entry("a", "1", 2), entry("b", "2", 3), entry("c", "3", 4)))
        _ = mirror.take(.changes([.deleted(StoreKey("n", "a")), .deleted(StoreKey("n", "b"))], StoreRevision(6))) { _ in false }
        mirror.giveUp("a")
        #expect(mirror.missing == ["a", "b"])
        // At the next look.
        #expect(described(mirror.take(snapshot(7, entry("c", "3", 4))) { _ in false }) == ["a=gone"])
        #expect(mirror.missing == ["b"])
    }
}
