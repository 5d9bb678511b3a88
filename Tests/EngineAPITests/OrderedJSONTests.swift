import FaceKit
import FoundationEssentials
import Testing

@Suite struct `JSON in the order of its types` {
    private struct Fruit: Codable, Equatable {
        struct Seed: Codable, Equatable {
            var zest: Bool
            var amount: Int?
        }

        var zebra: String
        var apple: Int64
        var seeds: [Seed]
        var labels: [String: Seed]
        var none: String?
        var ratio: Double
        var single: One
    }

    private struct One: Codable, Equatable {
        let text: String

        init(_ text: String) { self.text = text }
        init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(text)
        }
    }

    private func text(_ value: some Encodable) throws -> String { String(decoding: try OrderedJSON.bytes(of: value), as: UTF8.self) }

    private static let fruit = Fruit(
        zebra: "z", apple: -5, seeds: [.init(zest: true, amount: nil), .init(zest: false, amount: 2)],
        labels: ["b": .init(zest: true, amount: 1), "a": .init(zest: false)], none: nil, ratio: 0.5, single: One("1"))

    @Test func `has fields as they are declared and a dictionary's sorted`() throws {
        #expect(
            try text(Self.fruit)
                == #"{"zebra":"z","apple":-5,"seeds":[{"zest":true},{"zest":false,"amount":2}],"#
                + #""labels":{"a":{"zest":false},"b":{"zest":true,"amount":1}},"ratio":0.5,"single":"1"}"#)
    }

    @Test func `is read back by others`() throws {
        #expect(try JSONDecoder().decode(Fruit.self, from: Data(OrderedJSON.bytes(of: Self.fruit))) == Self.fruit)
    }

    @Test(arguments: ["", "a\"b\\c", "/x", "\u{0}\u{1f}\n\r\t\u{7f}", "ünï 😀 \u{2028}", "</script>&"])
    func `carries any text`(text: String) throws {
        #expect(try JSONDecoder().decode([String].self, from: Data(OrderedJSON.bytes(of: [text]))) == [text])
    }

    @Test func `escapes no more than it must`() throws {
        #expect(try text(["a/b<&>ü"]) == #"["a/b<&>ü"]"#)
        #expect(try text(["\u{1}\n"]) == #"["\u0001\n"]"#)
    }

    @Test func `knows the empty and the absent`() throws {
        #expect(try text([String]()) == "[]")
        #expect(try text([String: String]()) == "{}")
        #expect(try text(String?.none) == "null")
        #expect(try text([Int?.none, 1]) == "[null,1]")
        #expect(try text(true) == "true")
    }
}
