import NetworkModel

/// Which dead nodes' grace has passed: pure, on a monotonic clock that the caller reads.
///
/// A node is dead to it from the moment when *this process* first saw it hold something without a record; a controller that starts
/// anew gives every dead node the whole grace again, and a clock that is set never shortens one (lesson 16).
struct GracePeriods<Instant: InstantProtocol> where Instant.Duration == Duration {
    let grace: Duration
    private(set) var deadSince: [NodeID: Instant] = [:]

    init(grace: Duration) {
        self.grace = grace
    }

    /// Takes one look at the cluster.
    /// - Parameter dead: the nodes that hold something and have no record.
    /// - Returns: the nodes to be reaped now.
    mutating func observe(dead: Set<NodeID>, at now: Instant) -> [NodeID] {
        deadSince = deadSince.filter { dead.contains($0.key) }
        for node in dead where deadSince[node] == nil { deadSince[node] = now }
        return deadSince.filter { $0.value.duration(to: now) >= grace }.keys.sorted()
    }

    /// Nobody can be seen: the time until the next look is no proof that a node was not there.
    mutating func startOver() {
        deadSince = [:]
    }

    /// How long until the next grace ends, or nil if none is running: those that are over have been told.
    func nextEnd(after now: Instant) -> Duration? {
        deadSince.values.map { grace - $0.duration(to: now) }.filter { $0 > .zero }.min()
    }
}
