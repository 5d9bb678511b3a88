import NetworkModel
import Testing

@Suite struct EndpointNameTests {
    @Test(arguments: ["rose", "Web", "a", "0", "web-1.stage", "under_score", "a.b.c", String(repeating: "a", count: 63)])
    func `names that Docker allows are accepted as they are`(text: String) throws {
        #expect(try EndpointName(text).description == text)
    }

    @Test(arguments: [
        "", ".", "-a", "_a", ".a", "a.", "a..b", "a b", "a/b", "ü", "a\n", String(repeating: "a", count: 64),
        Array(repeating: "abcdefg", count: 32).joined(separator: "."),
    ])
    func `what DNS or Docker cannot carry is refused by name`(text: String) {
        let fault = #expect(throws: InvalidValue.self) { try EndpointName(text) }
        #expect(fault?.message.hasPrefix("invalid name \"\(text)\": ") == true)
    }

    @Test func `case is kept and folded for matching, lesson 29`() throws {
        let name = try EndpointName("WebServer")
        #expect(name.rawValue == "WebServer")
        #expect(try name.folded == EndpointName("webSERVER").folded)
        #expect(try name != EndpointName("webSERVER"))
    }
}
