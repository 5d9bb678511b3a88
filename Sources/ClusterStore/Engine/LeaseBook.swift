/// The leases of a store: how long each has, and which keys it holds. Times are durations on a monotonic clock.
struct LeaseBook: Sendable {
    private struct Lease {
        let seconds: Int64
        var deadline: Duration
        var keys: Set<RawKey> = []
    }

    private var leases: [Int64: Lease] = [:]
    /// The highest id that this store has given out by itself.
    private(set) var lastID: Int64

    init(lastID: Int64 = 0) {
        self.lastID = lastID
    }

    func contains(_ id: Int64) -> Bool {
        leases[id] != nil
    }

    /// An id that was never given out before.
    mutating func nextID() -> Int64 {
        repeat { lastID = lastID == .max ? 1 : lastID + 1 } while contains(lastID)
        return lastID
    }

    /// Adds a lease with its whole time before it.
    mutating func add(_ id: Int64, seconds: Int64, now: Duration) {
        leases[id] = Lease(seconds: seconds, deadline: now + .seconds(seconds))
    }

    /// Gives a lease its whole time again; one that is not there stays so.
    mutating func renew(_ id: Int64, now: Duration) {
        guard let seconds = leases[id]?.seconds else { return }
        leases[id]?.deadline = now + .seconds(seconds)
    }

    /// - Returns: the keys that it held.
    mutating func remove(_ id: Int64) -> [RawKey] {
        leases.removeValue(forKey: id)?.keys.sorted() ?? []
    }

    mutating func hold(_ key: RawKey, by id: Int64?, insteadOf previous: Int64?) {
        if let previous { leases[previous]?.keys.remove(key) }
        if let id { leases[id]?.keys.insert(key) }
    }

    /// A lease as it is, or nil if there is none.
    func lease(_ id: Int64, now: Duration) -> RawLease? {
        leases[id].map {
            RawLease(
                id: id, seconds: $0.seconds, remaining: max(0, ($0.deadline - now).components.seconds), keys: $0.keys.sorted())
        }
    }

    /// The leases whose time has passed, the earliest first.
    func expired(now: Duration) -> [Int64] {
        let due = leases.filter { $0.value.deadline <= now }
        return due.isEmpty ? [] : due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }.map(\.key)
    }

    /// When the next lease expires.
    var nextDeadline: Duration? { leases.values.lazy.map(\.deadline).min() }
}
