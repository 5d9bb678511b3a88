import Testing

@testable import EngineClient

@Suite struct `Lines of events` {
    @Test(arguments: 1...12) func `are whole, however their bytes are cut`(size: Int) throws {
        var lines = EventLines()
        var found: [String] = []
        var rest = Array("one\ntwo\n\nthree\nrest".utf8)[...]
        while !rest.isEmpty {
            found += try lines.take(Array(rest.prefix(size))).map { String(decoding: $0, as: UTF8.self) }
            rest = rest.dropFirst(size)
        }
        #expect(found == ["one", "two", "three"])
        #expect(try lines.take(Array("!\n".utf8)).map { String(decoding: $0, as: UTF8.self) } == ["rest!"])
    }

    @Test func `have an end, or are refused`() {
        var lines = EventLines()
        #expect(throws: EngineError.self) {
            for _ in 0..<3 { _ = try lines.take([UInt8](repeating: 0x20, count: 1 << 19)) }
        }
    }
}
