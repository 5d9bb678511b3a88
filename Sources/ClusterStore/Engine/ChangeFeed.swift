/// The latest changes of a store, and who waits for which: the part of watching that is the same whatever keeps the keys.
///
/// A watcher has no queue: it remembers from which revision on there is something for it, and reads the history when it gets to it.
/// One that comes after the history was trimmed is told so.
struct ChangeFeed: Sendable {
    /// How much history is kept, whichever bound is reached first.
    struct Bounds: Sendable {
        var revisions = 10_000
        /// The bytes of keys and values.
        var bytes = 16 << 20
    }

    private struct Revision {
        let number: StoreRevision
        let changes: [RawChange]
        let bytes: Int
    }

    private struct Watcher {
        let range: KeyRange
        /// The revision that it starts at, or that follows what it has read.
        var from: StoreRevision
        /// Whether the history has, or had, something for it from there on.
        var isDue: Bool
        let wake: AsyncStream<Void>.Continuation

        mutating func note(_ revision: StoreRevision, _ changes: [RawChange]) {
            guard !isDue, from <= revision else { return }
            if changes.contains(where: { range.contains($0.key) }) {
                isDue = true
                wake.yield()
            } else {
                from = revision.next
            }
        }

        /// Lets the next read say that changes may have been missed.
        mutating func restart() {
            from = .zero
            isDue = true
            wake.yield()
        }
    }

    private let bounds: Bounds
    private var history: [Revision] = []
    private var bytes = 0
    /// The last revision whose changes are forgotten.
    private(set) var compacted: StoreRevision
    /// The last revision that was published.
    private(set) var published: StoreRevision
    private var watchers: [Int: Watcher] = [:]
    private var lastWatcher = 0

    init(after revision: StoreRevision, bounds: Bounds = Bounds()) {
        self.bounds = bounds
        compacted = revision
        published = revision
    }

    // MARK: Writing

    /// Adds changes, in the order of their revisions, and wakes whom they concern.
    mutating func publish(_ changes: [RawChange]) {
        var rest = changes[...]
        while let number = rest.first?.revision {
            let same = rest.prefix { $0.revision == number }
            rest = rest.dropFirst(same.count)
            append(Revision(number: number, changes: Array(same), bytes: same.reduce(0) { $0 + $1.size }))
        }
        trim()
    }

    private mutating func append(_ revision: Revision) {
        history.append(revision)
        bytes += revision.bytes
        published = revision.number
        var position = watchers.values.startIndex
        while position != watchers.values.endIndex {
            watchers.values[position].note(revision.number, revision.changes)
            watchers.values.formIndex(after: &position)
        }
    }

    /// Forgets in portions, since it moves what is left.
    private mutating func trim() {
        guard history.count > bounds.revisions || bytes > bounds.bytes else { return }
        var left = (revisions: history.count, bytes: bytes)
        let kept = history.firstIndex { revision in
            defer { left = (left.revisions - 1, left.bytes - revision.bytes) }
            return left.revisions <= bounds.revisions / 8 * 7 && left.bytes <= bounds.bytes / 8 * 7
        }
        compact(through: kept.map { StoreRevision(history[$0].number.rawValue - 1) } ?? published)
    }

    /// Forgets the changes up to a revision that is published.
    mutating func compact(through revision: StoreRevision) {
        let forgotten = history.prefix(history.partitionPoint { $0.number <= revision })
        bytes -= forgotten.reduce(0) { $0 + $1.bytes }
        history.removeFirst(forgotten.count)
        compacted = max(compacted, revision)
        for watcher in watchers.values where watcher.isDue && watcher.from <= compacted { watcher.wake.yield() }
    }

    /// Forgets all history: what comes next follows another revision than the one that was published last.
    mutating func restart(after revision: StoreRevision) {
        history = []
        bytes = 0
        compacted = revision
        published = revision
        var position = watchers.values.startIndex
        while position != watchers.values.endIndex {
            watchers.values[position].restart()
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
    mutating func take(_ id: Int) -> RawWatchEvent? {
        guard let watcher = watchers[id], watcher.isDue else { return nil }
        guard watcher.from > compacted else {
            remove(id)
            return .compacted(compacted)
        }
        let unread = history[history.partitionPoint { $0.number < watcher.from }...]
        watchers[id]?.isDue = false
        watchers[id]?.from = max(watcher.from, published.next)
        let news = unread.lazy.flatMap(\.changes).filter { watcher.range.contains($0.key) }
        return news.isEmpty ? nil : .changes(Array(news))
    }
}

extension RawChange {
    fileprivate var size: Int {
        switch self {
        case .put(let record): record.key.bytes.count + record.value.count
        case .deleted(let key, _): key.bytes.count
        }
    }
}
