/// Who waits for which changes, and how far each has read.
///
/// A watcher has no queue: it remembers from which revision on there is something for it, and reads the history when it gets to it.
/// One that comes after the history was trimmed is told so.
struct WatcherBoard: Sendable {
    private struct Watcher {
        let range: KeyRange
        /// The revision that it starts at, or that follows what it has read.
        var from: StoreRevision
        /// Whether the history has, or had, something for it from there on.
        var isDue: Bool
        let wake: AsyncStream<Void>.Continuation

        mutating func note(_ change: RawChange) {
            guard !isDue, from <= change.revision, range.contains(change.key) else { return }
            isDue = true
            wake.yield()
        }
    }

    private var watchers: [Int: Watcher] = [:]
    private var lastWatcher = 0
    /// The last revision that watchers may be told of.
    private(set) var published: StoreRevision

    init(after revision: StoreRevision) {
        published = revision
    }

    // MARK: Writing

    /// Lets changes be read, and wakes whom they concern.
    mutating func publish(_ changes: some Collection<RawChange>) {
        guard let last = changes.map(\.revision).max() else { return }
        published = max(published, last)
        forEach { watcher in
            for change in changes { watcher.note(change) }
            // What does not concern it need not be kept for it.
            if !watcher.isDue { watcher.from = max(watcher.from, last.next) }
        }
    }

    /// Wakes the watchers that have not read what is forgotten now.
    func forget(through revision: StoreRevision) {
        for watcher in watchers.values where watcher.isDue && watcher.from <= revision { watcher.wake.yield() }
    }

    /// Goes on from another revision than the one that was published last: changes may have been missed by all.
    mutating func restart(after revision: StoreRevision) {
        published = revision
        forEach { watcher in
            watcher.from = .zero
            watcher.isDue = true
            watcher.wake.yield()
        }
    }

    /// In place: a watcher is changed for each write of the store.
    private mutating func forEach(_ body: (inout Watcher) -> Void) {
        var position = watchers.values.startIndex
        while position != watchers.values.endIndex {
            body(&watchers.values[position])
            watchers.values.formIndex(after: &position)
        }
    }

    // MARK: Watching

    /// Adds a watcher that is woken by the returned stream.
    mutating func add(_ range: KeyRange, from start: StoreRevision?) -> (id: Int, wakes: AsyncStream<Void>) {
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        lastWatcher += 1
        let start = start ?? published.next
        watchers[lastWatcher] = Watcher(range: range, from: start, isDue: start <= published, wake: wake)
        return (lastWatcher, wakes)
    }

    mutating func remove(_ id: Int) {
        watchers.removeValue(forKey: id)?.wake.finish()
    }

    /// What there is for a watcher, or nil until it is woken. After ``RawWatchEvent/compacted(_:)`` it is there no more.
    mutating func take(_ id: Int, from history: ChangeHistory) -> RawWatchEvent? {
        guard let watcher = watchers[id], watcher.isDue else { return nil }
        guard watcher.from > history.compacted else {
            remove(id)
            return .compacted(history.compacted)
        }
        watchers[id]?.isDue = false
        watchers[id]?.from = max(watcher.from, published.next)
        let news = history.changes(in: watcher.range, from: watcher.from, through: published)
        return news.isEmpty ? nil : .changes(news)
    }
}
