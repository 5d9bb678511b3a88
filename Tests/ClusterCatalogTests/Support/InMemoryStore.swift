import ClusterStore
import NetworkModel
import Synchronization

/// SCRATCH until the real one is there.
final class InMemoryStore: ClusterStore {
    struct State {
        var revision = StoreRevision.zero
        var entries: [StoreKey: StoreEntry] = [:]
        var watchers: [(StoreKey, AsyncStream<WatchEvent>.Continuation)] = []
        var leases = 0
    }
    let state = Mutex(State())
    let location = "memory"

    func get(_ key: StoreKey) async throws(StoreError) -> StoreEntry? { state.withLock { $0.entries[key] } }
    func list(_ prefixes: [StoreKey]) async throws(StoreError) -> StoreSnapshot {
        state.withLock { s in
            StoreSnapshot(
                revision: s.revision,
                entries: s.entries.values.filter { e in prefixes.contains { e.key.hasPrefix($0) } }.sorted { $0.key < $1.key })
        }
    }
    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> CommitOutcome {
        state.withLock { s in
            let holds = transaction.compares.allSatisfy { c in
                switch c {
                case .absent(let k): s.entries[k] == nil
                case .present(let k): s.entries[k] != nil
                case .unchanged(let k, let r): s.entries[k]?.modified == r
                }
            }
            guard holds else {
                return .conflict(
                    Dictionary(
                        transaction.compares.compactMap { c in s.entries[c.key].map { (c.key, $0) } }, uniquingKeysWith: { a, _ in a }))
            }
            s.revision = s.revision.next
            var changes: [StoreChange] = []
            for op in transaction.operations {
                switch op {
                case .put(let k, let v, let l):
                    let e = StoreEntry(
                        key: k, value: v, created: s.entries[k]?.created ?? s.revision, modified: s.revision, lease: l)
                    s.entries[k] = e
                    changes.append(.put(e))
                case .delete(let k): s.entries[k] = nil; changes.append(.deleted(k))
                case .deleteChildren(let p):
                    for k in s.entries.keys where k.hasPrefix(p) { s.entries[k] = nil; changes.append(.deleted(k)) }
                }
            }
            for (p, w) in s.watchers { w.yield(.changes(changes.filter { $0.key.hasPrefix(p) }, s.revision)) }
            return .committed(s.revision)
        }
    }
    func watch(_ prefix: StoreKey) -> StoreWatch {
        let (stream, continuation) = AsyncStream<WatchEvent>.makeStream()
        state.withLock { s in
            continuation.yield(
                .snapshot(StoreSnapshot(revision: s.revision, entries: s.entries.values.filter { $0.key.hasPrefix(prefix) })))
            s.watchers.append((prefix, continuation))
        }
        return StoreWatch(stream)
    }
    func grantLease(lasting ttl: Duration) async throws(StoreError) -> LeaseID {
        state.withLock { s in
            s.leases += 1
            return LeaseID(String(s.leases))
        }
    }
    func renew(_ lease: LeaseID) async throws(StoreError) {}
    func revoke(_ lease: LeaseID) async throws(StoreError) {
        state.withLock { s in s.entries = s.entries.filter { $0.value.lease != lease } }
    }
}
