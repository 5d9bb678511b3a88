import Testing

@testable import ClusterStore

/// A history and its watchers, as the engine uses them.
private struct ChangeFeed {
    var history: ChangeHistory
    var watchers: WatcherBoard

    init(after revision: StoreRevision, bounds: ChangeHistory.Bounds = ChangeHistory.Bounds()) {
        history = ChangeHistory(after: revision, bounds: bounds)
        watchers = WatcherBoard(after: revision)
    }

    var published: StoreRevision { watchers.published }
    var compacted: StoreRevision { history.compacted }

    mutating func publish(_ changes: [RawChange]) {
        for revision in Set(changes.map(\.revision)).sorted() {
            history.record(
                changes.filter { $0.revision == revision }.map { RecordedChange(change: $0, previous: nil) }, at: revision)
        }
        watchers.publish(changes)
    }

    mutating func compact(through revision: StoreRevision) {
        history.compact(through: revision)
        watchers.forget(through: revision)
    }

    mutating func add(_ range: KeyRange, from start: StoreRevision?) -> (id: Int, wakes: AsyncStream<Void>) {
        watchers.add(range, from: start)
    }

    mutating func take(_ id: Int) -> RawWatchEvent? {
        watchers.take(id, from: history)
    }
}

@Suite struct ChangeFeedTests {
    private let everything = KeyRange(prefix: RawKey(""))

    private func deletion(_ key: String, at revision: Int64) -> RawChange {
        .deleted(RawKey(key), at: StoreRevision(revision))
    }

    @Test func `a watcher from the past reads what it missed, and then what comes`() {
        var feed = ChangeFeed(after: StoreRevision(10))
        feed.publish([deletion("a", at: 11), deletion("b", at: 11), deletion("a", at: 12)])
        let (id, _) = feed.add(everything, from: StoreRevision(12))
        #expect(feed.take(id) == .changes([deletion("a", at: 12)]))
        #expect(feed.take(id) == nil)
        feed.publish([deletion("c", at: 13)])
        feed.publish([deletion("d", at: 14)])
        #expect(feed.take(id) == .changes([deletion("c", at: 13), deletion("d", at: 14)]))
    }

    @Test func `a watcher from the future waits for its revision`() {
        var feed = ChangeFeed(after: StoreRevision(10))
        let (id, _) = feed.add(everything, from: StoreRevision(12))
        feed.publish([deletion("a", at: 11)])
        #expect(feed.take(id) == nil)
        feed.publish([deletion("b", at: 12)])
        #expect(feed.take(id) == .changes([deletion("b", at: 12)]))
    }

    @Test func `forgetting what does not concern a watcher does not disturb it`() {
        var feed = ChangeFeed(after: StoreRevision(10))
        let (quiet, _) = feed.add(KeyRange(prefix: RawKey("q/")), from: nil)
        let (late, _) = feed.add(KeyRange(prefix: RawKey("l/")), from: nil)
        feed.publish([deletion("l/1", at: 11), deletion("x", at: 12)])
        feed.compact(through: StoreRevision(12))
        #expect(feed.take(quiet) == nil)
        #expect(feed.take(late) == .compacted(StoreRevision(12)))
        #expect(feed.take(late) == nil)
        feed.publish([deletion("q/1", at: 13), deletion("l/1", at: 14)])
        #expect(feed.take(quiet) == .changes([deletion("q/1", at: 13)]))
        #expect(feed.take(late) == nil)
    }

    @Test func `a start that is forgotten is told at once`() {
        var feed = ChangeFeed(after: StoreRevision(10))
        let (id, _) = feed.add(everything, from: StoreRevision(10))
        #expect(feed.take(id) == .compacted(StoreRevision(10)))
    }

    @Test func `the history stays within its bounds, of revisions and of bytes`() {
        var feed = ChangeFeed(after: .zero, bounds: ChangeHistory.Bounds(revisions: 16, bytes: 1_000))
        for number in 1...100 {
            feed.publish([deletion("k", at: Int64(number))])
            #expect(feed.published.rawValue - feed.compacted.rawValue <= 16)
        }
        #expect(feed.compacted.rawValue >= 84)
        feed.publish([deletion(String(repeating: "k", count: 2_000), at: 101)])
        #expect(feed.compacted == StoreRevision(101))
        let (id, _) = feed.add(everything, from: nil)
        feed.publish([deletion("k", at: 102)])
        #expect(feed.take(id) == .changes([deletion("k", at: 102)]))
    }

    @Test func `what is written and not published is not told`() {
        var history = ChangeHistory(after: StoreRevision(10))
        var watchers = WatcherBoard(after: StoreRevision(10))
        let (id, _) = watchers.add(everything, from: nil)
        for revision in 11...12 {
            history.record([RecordedChange(change: deletion("a", at: Int64(revision)), previous: nil)], at: StoreRevision(Int64(revision)))
        }
        watchers.publish([deletion("a", at: 11)])
        #expect(watchers.take(id, from: history) == .changes([deletion("a", at: 11)]))
        #expect(watchers.take(id, from: history) == nil)
        watchers.publish([deletion("a", at: 12)])
        #expect(watchers.take(id, from: history) == .changes([deletion("a", at: 12)]))
    }
}
