/// Where random numbers come from: a port, so that a simulation can run again from a seed.
public protocol Randomness: Sendable {
    /// The next 64 random bits.
    func next() -> UInt64
}

/// The kernel's random numbers.
public struct SystemRandomness: Randomness {
    public init() {}

    public func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

/// Lets a ``Randomness`` be passed where Swift asks for a generator.
public struct RandomnessGenerator: RandomNumberGenerator {
    private let source: any Randomness

    public init(_ source: any Randomness) {
        self.source = source
    }

    public mutating func next() -> UInt64 { source.next() }
}
