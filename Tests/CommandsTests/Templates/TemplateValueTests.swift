import Testing

@testable import Commands

@Suite struct TemplateValueTests {
    private struct Body: Encodable {
        let zebra = "z"
        let apple: Int? = 1
        let absent: Int? = nil
        let nested = Nested()
        let labels = ["b": "2", "a": "1"]
        let list: [Nested] = [Nested()]
        let ratio = 0.5
        let flag = true

        struct Nested: Encodable {
            let second = [1, 2]
            let first: [String: Nested] = [:]
        }
    }

    @Test func `fields keep the order of their type, and maps have that of their keys`() throws {
        let value = try TemplateValue(encoding: Body())
        #expect(
            value.json
                == #"{"zebra":"z","apple":1,"nested":{"second":[1,2],"first":{}},"labels":{"a":"1","b":"2"},"list":[{"second":[1,2],"first":{}}],"ratio":0.5,"flag":true}"#
        )
    }

    @Test func `JSON is indented by four spaces, and what is empty stays on its line`() {
        let value = TemplateValue.list([
            .record(TemplateRecord([.init(name: "A", value: .map([:])), .init(name: "B", value: .list([.integer(1), .null]))]))
        ])
        #expect(
            value.indentedJSON == """
                [
                    {
                        "A": {},
                        "B": [
                            1,
                            null
                        ]
                    }
                ]
                """)
        #expect(TemplateValue.list([]).indentedJSON == "[]")
    }

    @Test func `texts are escaped as Go does`() {
        #expect(TemplateValue.string("a\"\\\n\t\r\u{1}<ü>\u{2028}").json == #""a\"\\\n\t\r\u0001<ü>\u2028""#)
    }
}
