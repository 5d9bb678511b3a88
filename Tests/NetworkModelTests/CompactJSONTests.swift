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

    @Test func `an error deep in a text says where it was`() {
        struct Row: Decodable {
            let cells: [[Int]]
            let note: String?
        }
        let text = #"{"rows":[{"cells":[[1],[2,3]],"note":null},{"note":"x","cells":[[4],[5,6,{"x":1}]]}]}"#
        do {
            _ = try CompactJSON.decode([String: [Row]].self, from: Array(text.utf8))
            Issue.record("not refused")
        } catch DecodingError.typeMismatch(_, let context) {
            #expect(context.codingPath.map(\.stringValue) == ["rows", "Index 1", "cells", "Index 1", "Index 2"])
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test func `a member that is missing is named, with where`() {
        struct Pair: Decodable { let a: Int }
        do {
            _ = try CompactJSON.decode([Pair].self, from: Array(#"[{"a":1},{"b":2}]"#.utf8))
            Issue.record("not refused")
        } catch DecodingError.keyNotFound(let key, let context) {
            #expect(key.stringValue == "a" && context.codingPath.map(\.stringValue) == ["Index 1"])
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test func `integers are read to their ends and no further`() throws {
        func read<Value: Decodable>(_ text: String) -> Value? { try? CompactJSON.decode(Value.self, from: Array(text.utf8)) }
        for value in [Int64.min, .min + 1, -1, 0, 999_999_999_999_999_999, 1_000_000_000_000_000_000, .max] {
            #expect(read("\(value)") == value)
        }
        #expect(read("\(UInt64.max)") == UInt64.max)
        #expect(read("9223372036854775808") == Int64?.none)
        #expect(read("-9223372036854775809") == Int64?.none)
        #expect(read("18446744073709551616") == UInt64?.none)
        #expect(read(String(repeating: "9", count: 36)) == UInt64?.none)
        #expect(read(String(repeating: "9", count: 400)) == UInt64?.none)
    }

    /// The ends of strings are looked for eight bytes at a time.
    @Test func `what ends or changes a string is found at every offset`() throws {
        for offset in 0..<20 {
            let run = String(repeating: "~", count: offset)
            for special in ["", "\\", "\"", "é", "\u{7f}", "\n", "\u{1f}"] {
                let text = run + special + String(repeating: "}", count: 19 - offset)
                let bytes = try CompactJSON.encode([text, "next"])
                #expect(try CompactJSON.decode([String].self, from: bytes) == [text, "next"])
            }
            for control: UInt8 in [0, 1, 0x1f] {
                let bytes = [UInt8(ascii: "\"")] + Array(run.utf8) + [control, UInt8(ascii: "\"")]
                #expect(throws: DecodingError.self) { try CompactJSON.decode(String.self, from: bytes) }
            }
        }
    }
}
