import ClusterStore
import Testing

@testable import ConsulStore

struct WatchSessionTests {
    private func entry(_ path: String, _ value: String, _ modified: Int64) -> StoreEntry {
        StoreEntry(
            key: StoreKey(path: path), value: Array(value.utf8), created: StoreRevision(1), modified: StoreRevision(modified), lease: nil)
    }

    private func listing(_ index: UInt64, _ entries: StoreEntry...) -> ConsulListing {
        ConsulListing(index: index, entries: entries, bytes: 0)
    }

    private func told(_ event: WatchEvent?) -> String {
        switch event {
        case .snapshot(let snapshot): "snapshot \(snapshot.revision): \(snapshot.entries.map(\.key.path).joined(separator: " "))"
        case .changes(let changes, let revision):
            "\(revision): "
                + changes.map { change in
                    if case .put(let entry) = change {
                        "+\(entry.key)=\(String(decoding: entry.value, as: UTF8.self))"
                    } else {
                        "-\(change.key)"
                    }
                }.joined(separator: " ")
        case .interrupted: "interrupted"
        case nil: "nothing"
        }
    }

    @Test func `the difference of two answers is told, once and in the order of the indexes`() {
        var session = WatchSession()
        #expect(session.index == 0)
        #expect(told(session.answered(listing(5, entry("a", "1", 3), entry("b", "1", 5)), floor: .zero)) == "snapshot 5: a b")
        #expect(session.index == 5)
        let next = listing(9, entry("b", "2", 9), entry("c", "1", 7))
        #expect(told(session.answered(next, floor: .zero)) == "9: -a +c=1 +b=2")
        #expect(told(session.answered(next, floor: .zero)) == "nothing")
        #expect(told(session.answered(listing(10, entry("b", "2", 9), entry("c", "1", 7)), floor: .zero)) == "10: ")
    }

    @Test func `another value at the same index is a change`() {
        var session = WatchSession()
        _ = session.answered(listing(5, entry("a", "1", 3)), floor: .zero)
        #expect(told(session.answered(listing(5, entry("a", "2", 3)), floor: .zero)) == "5: +a=2")
    }

    @Test func `an index that goes back begins anew from 0, after no pause and then longer ones`() {
        var session = WatchSession()
        _ = session.answered(listing(50, entry("a", "1", 3)), floor: .zero)
        #expect(told(session.answered(listing(20, entry("a", "1", 3)), floor: .zero)) == "nothing")
        #expect(session.index == 0 && session.takeOwedPause() == 1 && session.takeOwedPause() == nil)
        #expect(told(session.answered(listing(20, entry("a", "1", 3)), floor: StoreRevision(50))) == "snapshot 50: a")
        #expect(session.index == 20)
    }

    @Test func `an answer that all has gone is believed at the second look`() {
        var session = WatchSession()
        _ = session.answered(listing(5, entry("a", "1", 3), entry("b", "1", 5)), floor: .zero)
        #expect(told(session.answered(listing(6), floor: .zero)) == "nothing")
        #expect(session.index == 0)
        #expect(told(session.answered(listing(6), floor: .zero)) == "6: -a -b")
        _ = session.answered(listing(8, entry("a", "1", 7), entry("b", "1", 8)), floor: .zero)
        _ = session.answered(listing(9), floor: .zero)
        #expect(told(session.answered(listing(8, entry("a", "1", 7), entry("b", "1", 8)), floor: .zero)) == "8: ")
    }

    @Test func `an interruption is told once, and its end`() {
        var session = WatchSession()
        _ = session.answered(listing(5, entry("a", "1", 3)), floor: .zero)
        let error = StoreError(.unavailable, "away")
        #expect(told(session.failed(error)) == "interrupted")
        #expect(told(session.failed(error)) == "nothing")
        #expect(session.takeOwedPause() == 2)
        #expect(told(session.answered(listing(5, entry("a", "1", 3)), floor: .zero)) == "5: ")
        #expect(told(session.failed(error)) == "interrupted")
    }
}
