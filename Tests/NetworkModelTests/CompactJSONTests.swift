import Foundation
import NetworkModel
import Testing

@Suite struct CompactJSONTests {
    private struct Everything: Codable, Hashable {
        enum Choice: Codable, Hashable {
            case plain
            case pair(String, Int)
            case named(value: Double)
        }

        struct Empty: Codable, Hashable {}

        var text = "a"
        var yes = true
        var small: Int8 = -128
        var large = UInt64.max
        var negative = Int64.min
        var fraction = 1.5
        var absent: String?
        var list: [[Int]] = [[], [1, 2], [3]]
        var optionals: [Int?] = [1, nil]
        var table = ["key": "value"]
        var choices = [Choice.plain, .pair("x", 2), .named(value: -0.25)]
        var empty = Empty()
    }

    @Test func `what is written is read again, by Foundation too`() throws {
        let value = Everything()
        let bytes = try CompactJSON.encode(value)
        #expect(try CompactJSON.decode(Everything.self, from: bytes) == value)
        #expect(try JSONDecoder().decode(Everything.self, from: Data(bytes)) == value)
    }

    @Test func `what Foundation writes is read, pretty and sorted too`() throws {
        let value = Everything()
        let encoder = JSONEncoder()
        for format: JSONEncoder.OutputFormatting in [[], [.prettyPrinted], [.sortedKeys, .withoutEscapingSlashes]] {
            encoder.outputFormatting = format
            #expect(try CompactJSON.decode(Everything.self, from: Array(encoder.encode(value))) == value)
        }
    }

    @Test(arguments: [
        "", "plain", "quote \" and back\\slash/", "line\nfeed\ttab\u{0}\u{1f}", "grüße 日本 👩🏽‍💻", "\u{2028}\u{fffd}",
        String(repeating: "long ", count: 500),
    ])
    func `every text comes through`(text: String) throws {
        let bytes = try CompactJSON.encode([text: text])
        #expect(try CompactJSON.decode([String: String].self, from: bytes) == [text: text])
        #expect(try JSONDecoder().decode([String: String].self, from: Data(bytes)) == [text: text])
        #expect(try CompactJSON.decode([String: String].self, from: Array(JSONEncoder().encode([text: text]))) == [text: text])
    }

    @Test func `escapes are read`() throws {
        let text = #"["\u00e9\ud83d\ude00\/\b\f\n\r\t\"\\"]"#
        #expect(try CompactJSON.decode([String].self, from: Array(text.utf8)) == ["é😀/\u{8}\u{c}\n\r\t\"\\"])
    }

    @Test func `bytes that are no text are refused, also where nothing reads them`() throws {
        let whole = Array(#"{"a":"é","b":1}"#.utf8)
        let broken = whole.map { $0 == 0xc3 ? 0xff : $0 }
        struct One: Decodable { let b: Int }
        #expect(try CompactJSON.decode(One.self, from: whole).b == 1)
        #expect(throws: DecodingError.self) { try CompactJSON.decode(One.self, from: broken) }
    }

    @Test func `a value that stands alone is read and written`() throws {
        #expect(try CompactJSON.encode("a/b") == Array(#""a/b""#.utf8))
        #expect(try CompactJSON.encode(Optional<Int>.none) == Array("null".utf8))
        #expect(try CompactJSON.decode(Int.self, from: Array(" 7 ".utf8)) == 7)
        #expect(try CompactJSON.decode(Bool?.self, from: Array("null".utf8)) == nil)
    }

    @Test(arguments: [
        "", " ", "{", "[1,", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "\"open", "\"\\", "\"\\x\"", "\"\\ud800\"", "tru", "[1]x", "-", "1.",
        "\"\n\"", "[,]",
        "{\"a\":1,}", String(repeating: "[", count: 100_000),
    ])
    func `what is no JSON is refused, and traps nothing`(text: String) {
        #expect(throws: DecodingError.self) { try CompactJSON.decode([String: String].self, from: Array(text.utf8)) }
        #expect(throws: DecodingError.self) { try CompactJSON.decode([String].self, from: Array(text.utf8)) }
        #expect(throws: DecodingError.self) { try CompactJSON.decode(String.self, from: Array(text.utf8)) }
        #expect(throws: DecodingError.self) { try CompactJSON.decode(Int.self, from: Array(text.utf8)) }
    }

    @Test func `a number that does not fit is refused, and one that is exact is read in any form`() throws {
        #expect(throws: DecodingError.self) { try CompactJSON.decode(Int8.self, from: Array("128".utf8)) }
        #expect(throws: DecodingError.self) { try CompactJSON.decode(UInt.self, from: Array("-1".utf8)) }
        #expect(throws: DecodingError.self) { try CompactJSON.decode(Int.self, from: Array("1.5".utf8)) }
        #expect(try CompactJSON.decode(Int.self, from: Array("1e3".utf8)) == 1000)
        #expect(throws: EncodingError.self) { try CompactJSON.encode(Double.nan) }
    }

    @Test func `an error says where it was`() {
        do {
            _ = try CompactJSON.decode([String: [Int]].self, from: Array(#"{"numbers":[1,"two"]}"#.utf8))
            Issue.record("not refused")
        } catch DecodingError.typeMismatch(_, let context) {
            #expect(context.codingPath.map(\.stringValue) == ["numbers", "Index 1"])
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test func `members are found in any order, and the first of a name`() throws {
        struct Pair: Codable, Hashable {
            var a: Int
            var b: Int
        }
        for text in [#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#, #"{"x":[{}],"b":2,"y":"","a":1,"z":null}"#] {
            #expect(try CompactJSON.decode(Pair.self, from: Array(text.utf8)) == Pair(a: 1, b: 2))
        }
    }
}
