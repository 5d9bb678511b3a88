import Glibc
import Synchronization

/// Where random numbers come from: a port, so that a simulation can run again from a seed.
public protocol Randomness: Sendable {
    /// The next 64 random bits.
    func next() -> UInt64
}

/// The kernel's random numbers, drawn some ids' worth at a time: an id takes four, and each draw is a system call.
public struct SystemRandomness: Randomness {
    private struct Stock {
        private var words: [UInt64] = []
        private static let size = 32

        mutating func next() -> UInt64 {
            if let word = words.popLast() { return word }
            var drawn = [UInt64](repeating: 0, count: Self.size)
            unsafe arc4random_buf(&drawn, Self.size * MemoryLayout<UInt64>.stride)
            words = drawn
            return words.removeLast()
        }
    }

    private static let stock = Mutex(Stock())

    public init() {}

    public func next() -> UInt64 { Self.stock.withLock { $0.next() } }
}

/// Lets a ``Randomness`` be passed where Swift asks for a generator.
public struct RandomnessGenerator: RandomNumberGenerator {
    private let source: any Randomness

    public init(_ source: any Randomness) {
        self.source = source
    }

    public mutating func next() -> UInt64 { source.next() }
}
