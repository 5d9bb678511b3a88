import ClusterStore

/// What a watch knows, and what it asks next. It does no I/O itself.
///
/// Each answer of a blocking query is everything below the prefix: what has changed is the difference to what was told before.
struct WatchSession: Sendable {
    /// The index to ask for something newer than; 0 asks for what there is, at once.
    private(set) var index: UInt64 = 0
    /// Whether what there is is asked for at once: where no question that waits is answered, others may be.
    private var asksAtOnce = false
    /// What was told; nil before the first snapshot and after a history that cannot be gone on with.
    private var told: [StoreKey: StoreEntry]?
    /// Whether an answer that all has gone was already doubted.
    private var isSecondLook = false
    private var failures = 0
    private var owesPause = false
    /// Whether the consumer was told of an interruption and of nothing since.
    private var isInterrupted = false

    init() {}

    /// The index to ask with: ``index``, or 0 after a failure.
    var question: UInt64 { asksAtOnce ? 0 : index }

    /// An answer came.
    ///
    /// - Parameter floor: a revision that was seen before the question was asked.
    /// - Returns: the event for the consumer, or nil.
    mutating func answered(_ listing: ConsulListing, floor: StoreRevision) -> WatchEvent? {
        // Consul's rule: an index that goes back (a restore, tombstones that were forgotten) begins anew from 0.
        guard listing.index >= index else {
            startOver()
            return nil
        }
        guard let told else {
            settle(at: listing.index)
            self.told = Self.keyed(listing.entries)
            return .snapshot(StoreSnapshot(revision: max(listing.revision, floor), entries: listing.entries))
        }
        if listing.entries.isEmpty, told.count > 1, !isSecondLook {
            isSecondLook = true
            index = 0
            return nil
        }
        let hasMoved = listing.index != index
        let wasInterrupted = isInterrupted
        let changes = changes(to: listing.entries, from: told)
        settle(at: listing.index)
        return hasMoved || wasInterrupted || !changes.isEmpty ? .changes(changes, listing.revision) : nil
    }

    /// How many failures there were in a row, if the next question must wait for it: asked once for each failure.
    mutating func takeOwedPause() -> Int? {
        defer { owesPause = false }
        return owesPause ? failures : nil
    }

    /// No agent answered.
    mutating func failed(_ error: StoreError) -> WatchEvent? {
        count()
        asksAtOnce = true
        guard !isInterrupted else { return nil }
        isInterrupted = true
        return .interrupted(error)
    }

    private mutating func startOver() {
        index = 0
        told = nil
        isSecondLook = false
        count()
    }

    private mutating func count() {
        failures += 1
        owesPause = true
    }

    private mutating func settle(at index: UInt64) {
        self.index = index
        (failures, isInterrupted, isSecondLook, asksAtOnce) = (0, false, false, false)
    }

    /// What is gone, then what was written in the order of its indexes. Whole entries are compared: a restore may give a key another
    /// value at the index that it had.
    private mutating func changes(to entries: [StoreEntry], from told: [StoreKey: StoreEntry]) -> [StoreChange] {
        let now = Self.keyed(entries)
        let gone = told.keys.filter { now[$0] == nil }.sorted()
        let written = entries.filter { told[$0.key] != $0 }.sorted { $0.modified < $1.modified }
        self.told = now
        return gone.map { .deleted($0) } + written.map { .put($0) }
    }

    private static func keyed(_ entries: [StoreEntry]) -> [StoreKey: StoreEntry] {
        Dictionary(entries.map { ($0.key, $0) }, uniquingKeysWith: { _, last in last })
    }
}
