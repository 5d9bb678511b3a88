import Dispatch
import Synchronization

@testable import ClusterStore

/// A journal in memory that can be held up, and that fails when it is told to.
final class FakeJournal: StoreJournal {
    enum Failure {
        /// Nothing is written.
        case before(StoreError)
        /// It is written and the answer is lost.
        case after(StoreError)
    }

    private struct State {
        var stored = StoredState()
        var failure: Failure?
        var groups: [[JournalEntry]] = []
        var isHeld = false
    }

    private let state = Mutex(State())
    private let writer = DispatchQueue(label: "fake journal")

    /// What has been written, one element a group.
    var groups: [[JournalEntry]] { state.withLock { $0.groups } }

    /// Lets the next write fail.
    func fail(_ failure: Failure) { state.withLock { $0.failure = failure } }

    /// Holds all writing up until it is let go.
    func hold() {
        state.withLock { $0.isHeld = true }
        writer.suspend()
    }

    func letGo() {
        let wasHeld = state.withLock { state in
            defer { state.isHeld = false }
            return state.isHeld
        }
        if wasHeld { writer.resume() }
    }

    func schedule(_ work: @escaping @Sendable () -> Void) { writer.async(execute: work) }

    func write(_ entries: [JournalEntry]) throws(StoreError) {
        let failure = state.withLock { state in
            defer { state.failure = nil }
            if case .before = state.failure { return state.failure }
            state.groups.append(entries)
            for entry in entries { Self.apply(entry, to: &state.stored) }
            return state.failure
        }
        switch failure {
        case .before(let error), .after(let error): throw error
        case nil: break
        }
    }

    private static func apply(_ entry: JournalEntry, to stored: inout StoredState) {
        switch entry {
        case .put(let record):
            stored.records.removeAll { $0.key == record.key }
            stored.records.append(record)
        case .delete(let key): stored.records.removeAll { $0.key == key }
        case .revision(let revision): stored.revision = revision
        case .grant(let id, let seconds): stored.leases[id] = seconds
        case .lastLease(let id): stored.lastLease = id
        case .endLease(let id): stored.leases[id] = nil
        }
    }

    func load() -> StoredState { state.withLock { $0.stored } }
}
