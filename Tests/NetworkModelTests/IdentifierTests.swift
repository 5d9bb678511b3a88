import NetworkModel
import Testing

@Suite struct IdentifierTests {
    /// Words that are known beforehand, so that leading zeros are seen.
    private struct CountingGenerator: RandomNumberGenerator {
        var word: UInt64 = 0
        mutating func next() -> UInt64 {
            word += 1
            return word
        }
    }

    @Test func `a new identifier has 64 digits, leading zeros included`() {
        var generator = CountingGenerator()
        let id = NetworkID(random: &generator)
        #expect(id.rawValue == "0000000000000001000000000000000200000000000000030000000000000004")
        #expect(id.short == "000000000000")
    }

    @Test func `a short identifier is accepted as it is`() throws {
        #expect(try NetworkID("4f2c").short == "4f2c")
    }

    @Test(arguments: ["", "4F2C", "xyz", "4f 2c", "4f/2c", "٤", String(repeating: "a", count: 65)])
    func `what is no identifier is refused`(text: String) {
        #expect(throws: InvalidValue.self) { try NetworkID(text) }
    }

    @Test func `identifiers are ordered as their text`() throws {
        #expect(try NodeID("0a") < NodeID("0b"))
    }
}
