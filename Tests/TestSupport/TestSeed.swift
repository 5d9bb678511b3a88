import Glibc
public import NetworkModel

/// The seed of a test that draws what it does: another one each time, and printed, so that a failure can be had again.
public struct TestSeed: Sendable {
    /// Repeats the runs of another time.
    public static let variable = "SKEIN_TEST_SEED"

    public let value: UInt64

    /// - Parameter test: what draws from it, for the line that is printed.
    public init(_ test: String = #function) {
        let given = getenv(Self.variable).flatMap { UInt64(String(cString: $0)) }
        value = given ?? SystemRandomness().next() >> 32
        print("\(Self.variable)=\(value) repeats: \(test)")
    }

    public var randomness: SeededRandomness { SeededRandomness(seed: value) }

    /// Numbers drawn from it.
    public var generator: RandomnessGenerator { RandomnessGenerator(randomness) }
}
