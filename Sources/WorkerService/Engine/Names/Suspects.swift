import NetworkModel

/// Endpoints that seem to be nobody's, and for how long: pure.
struct Suspects {
    private var seen: [EndpointID: (since: Duration, times: Int)] = [:]
    /// For how long one must seem so.
    let patience: Duration

    init(patience: Duration) {
        self.patience = patience
    }

    /// Takes those that seem so now; the others are beyond suspicion.
    /// - Returns: those that have seemed so for long enough, and twice at least.
    mutating func update(_ now: Set<EndpointID>, at time: Duration) -> Set<EndpointID> {
        seen = Dictionary(
            uniqueKeysWithValues: now.map { id in
                let before = seen[id]
                return (id, (before?.since ?? time, (before?.times ?? 0) + 1))
            })
        return Set(seen.filter { $0.value.times > 1 && time - $0.value.since >= patience }.keys)
    }

    mutating func clear() { seen = [:] }
}
