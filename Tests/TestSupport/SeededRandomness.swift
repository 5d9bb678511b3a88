public import NetworkModel
import Synchronization

/// Random numbers that can be had again from a seed: SplitMix64.
public final class SeededRandomness: Randomness {
    private let state: Mutex<UInt64>

    public init(seed: UInt64) {
        state = Mutex(seed)
    }

    public func next() -> UInt64 {
        state.withLock { state in
            state &+= 0x9e37_79b9_7f4a_7c15
            var word = state
            word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
            return word ^ (word >> 31)
        }
    }
}

/// A time of day that stands still, at 2026-01-01T00:00:00Z.
public struct FixedTime: WallTime {
    public init() {}

    public func now() -> Timestamp { Timestamp(nanoseconds: 1_767_225_600_000_000_000) }
}
