import ClusterStore
import EtcdProtocol

/// What a watch knows, and what it does next. It does no I/O itself.
///
/// A listing at revision R, then the events from R + 1. Whenever events may have been missed it lists again.
struct WatchSession: Sendable {
    enum Step: Hashable, Sendable {
        case list
        /// Asks for the events from a revision on.
        case open(from: Int64)
        case read
    }

    private(set) var step = Step.list
    /// Failures in a row without an event between them.
    private var failures = 0
    private var owesPause = false
    /// Whether the consumer was told of an interruption and of nothing since.
    private var isInterrupted = false
    /// Of the answer that was listened to last: everything up to its revision is told.
    private var reached = EtcdResponseHeader()
    /// Of a revision whose events come in several answers.
    private var fragments: [EtcdEvent] = []
    private var secondLook = SecondLook()
    /// Whether a list is only tried: if it fails too, nothing was missed yet.
    private var isTrial = false
    /// About half a minute of silence.
    private static let failuresBeforeTrial = 8
    /// Streams in a row that were of a member that is behind.
    private var behind = 0
    /// With the waits between them two to three seconds: when a leader dies, the others learn of the last commits when they have elected another.
    private static let streamsBehind = 7

    init() {}

    /// Everything below the prefix was listed.
    ///
    /// - Throws: the doubt, when it has to be listed again before it is believed.
    mutating func listed(_ listing: EtcdListing) throws(SnapshotInDoubt) -> WatchEvent {
        if let doubt = secondLook.doubt(about: listing.snapshot) { throw SnapshotInDoubt(doubt: doubt) }
        (isTrial, behind) = (false, 0)
        reached = listing.header
        isInterrupted = false
        step = .open(from: reached.revision + 1)
        return .snapshot(listing.snapshot)
    }

    /// A stream of events was opened.
    mutating func opened() {
        fragments = []
        step = .read
    }

    /// An answer came on the stream.
    ///
    /// - Returns: the event for the consumer, or nil.
    /// - Throws: why the stream is of no further use.
    mutating func received(_ response: EtcdWatchResponse, root: EtcdRoot) throws(WatchEnd) -> WatchEvent? {
        guard !response.canceled else { throw response.compactRevision > 0 ? .missed("compacted") : .cancelled(response.cancelReason) }
        try checkHistory(response.header)
        behind = 0
        if let flaw = Self.flaw(of: response, root: root) { throw .missed(flaw) }
        fragments += response.events
        guard !response.fragment else { return nil }
        let events = fragments.filter { $0.kv.modRevision > reached.revision }
        fragments = []
        if let last = events.last {
            // The head may be ahead of the events that are still to come; the last event is not.
            return advance(to: last.kv.modRevision, events.map(root.change))
        }
        // The head of the first answer may be ahead of the events that this watch has asked for.
        guard !response.created, response.header.revision > reached.revision, response.events.isEmpty else { return settled() }
        return advance(to: response.header.revision, [])
    }

    /// How many failures there were in a row, if the next step must wait for it: asked once for each failure.
    mutating func takeOwedPause() -> Int? {
        defer { owesPause = false }
        return owesPause ? failures : nil
    }

    /// A list, or the opening of a stream, failed.
    mutating func failed(_ error: StoreError) -> WatchEvent? {
        count()
        switch step {
        case .list where !isTrial: break
        // Lists may be answered where streams are not.
        case .open where failures.isMultiple(of: Self.failuresBeforeTrial): (step, isTrial) = (.list, true)
        case .list, .open, .read: (step, isTrial) = (.open(from: reached.revision + 1), false)
        }
        guard !isInterrupted else { return nil }
        isInterrupted = true
        return .interrupted(error)
    }

    /// The stream broke: what comes next may be asked for at once.
    mutating func broke() {
        count()
        step = .open(from: reached.revision + 1)
    }

    /// The stream was of a member that knows less than was told: one that was just started, or was not the leader of one that has died, is
    /// behind for a moment, and to list for that would make all watches list when a member dies. One that stays behind has another history.
    mutating func fellBehind() {
        behind += 1
        guard behind < Self.streamsBehind else { return missed() }
        // It has answered: the waits begin anew, however long nobody did before.
        (failures, owesPause) = (behind, true)
        step = .open(from: reached.revision + 1)
    }

    /// Events may have been missed.
    mutating func missed() {
        behind = 0
        count()
        (step, isTrial) = (.list, false)
    }

    /// The stream did all it should, for as long as it should: time to list and compare.
    mutating func rested() {
        failures = 0
        (step, isTrial) = (.list, false)
    }

    private mutating func count() {
        failures += 1
        owesPause = true
    }

    private mutating func advance(to revision: Int64, _ changes: [StoreChange]) -> WatchEvent {
        reached.revision = revision
        failures = 0
        isInterrupted = false
        secondLook.take(changes, at: StoreRevision(revision))
        return .changes(changes, StoreRevision(revision))
    }

    /// After an interruption the consumer is told that it is over.
    private mutating func settled() -> WatchEvent? {
        guard isInterrupted else { return nil }
        isInterrupted = false
        return .changes([], StoreRevision(reached.revision))
    }

    /// What etcd never says, or nil.
    private static func flaw(of response: EtcdWatchResponse, root: EtcdRoot) -> String? {
        guard response.header.revision > 0 else { return "an answer without a revision" }
        for event in response.events {
            guard (1...response.header.revision).contains(event.kv.modRevision) else { return "an event of another time" }
            guard root.contains(event.kv.key) else { return "an event of another root" }
        }
        return nil
    }

    /// Whether an answer can be of the history that was listed. A head that lacks something tells nothing of it.
    private func checkHistory(_ header: EtcdResponseHeader) throws(WatchEnd) {
        if header.clusterID != 0, reached.clusterID != 0, header.clusterID != reached.clusterID { throw .missed("another cluster answers") }
        // A head's term is that of the entry that its member applied last, so it is behind as the revision is, and alone where an election came last.
        if header.raftTerm != 0, header.raftTerm < reached.raftTerm { throw .behind }
        if header.revision != 0, header.revision < reached.revision { throw .behind }
    }
}

/// Everything was listed, and is not believed at first sight.
struct SnapshotInDoubt: Error {
    let doubt: SecondLook.Doubt
}

/// Why a stream of events is of no further use.
enum WatchEnd: Error, Hashable {
    /// Events were or may have been missed.
    case missed(String)
    /// It is of a time before what was told.
    case behind
    /// etcd ended the watch, with its reason.
    case cancelled(String)
}
