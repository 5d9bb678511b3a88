import NetworkModel
import Testing

@Suite struct RandomnessTests {
    private struct Constant: Randomness {
        func next() -> UInt64 { 42 }
    }

    @Test func `a generator draws from its source`() {
        var generator = RandomnessGenerator(Constant())
        #expect(generator.next() == 42)
        #expect(NetworkID(random: &generator) == NetworkID(random: &generator))
    }

    @Test func `the kernel's numbers differ`() {
        let source = SystemRandomness()
        #expect(Set((0..<16).map { _ in source.next() }).count == 16)
    }
}
