import NetworkModel

/// How often a lost race is decided anew, and how long to wait before: full jitter over a doubling span, capped.
struct Backoff {
    /// At most so many rounds: some 10 seconds of waiting, on average.
    static let maximumRounds = 64
    private static let first: Int64 = 1_000
    private static let cap: Int64 = 320_000

    private(set) var rounds = 0

    /// The time to wait before the next round, or nil when the bound is reached.
    mutating func next(_ randomness: any Randomness) -> Duration? {
        guard rounds < Self.maximumRounds else { return nil }
        let span = min(Self.first << Int64(min(rounds, 10)), Self.cap)
        rounds += 1
        return .microseconds(Int64(randomness.next() % UInt64(span)))
    }
}
