public import NetworkModel

/// How long to wait after a failure: not at all after the first, then longer and longer up to a cap, jittered so that many do not come
/// back at once.
public struct BackOff: Sendable {
    public var first: Duration = .milliseconds(100)
    public var cap: Duration = .seconds(2)

    public init() {}

    /// - Parameter failures: how many there were in a row, at least 1.
    public func wait(after failures: Int, _ randomness: any Randomness) -> Duration {
        guard failures > 1 else { return .zero }
        let full = min(cap, first * (1 << min(failures - 2, 16)))
        // Between half of it and all of it.
        return full / 2 + full / 2 * Int(randomness.next() % 1024) / 1024
    }
}
