import Testing

@testable import KernelNetwork

@Suite struct JSONTests {
    @Test(arguments: [
        ("null", JSONValue.null), (" true ", .boolean(true)), ("false", .boolean(false)), ("-12", .integer(-12)), ("0", .integer(0)),
        ("\"\"", .text("")), (#""a\"b\\c\/\n\u0001é""#, .text("a\"b\\c/\n\u{01}é")), (#""\ud800""#, .text("\u{fffd}")),
        ("[]", .array([])), ("[ 1,[2 ] ]", .array([.integer(1), .array([.integer(2)])])), ("{}", .object([:])),
        (#"{ "a" : {"b": [null]}, "c": 1 }"#, .object(["a": .object(["b": .array([.null])]), "c": .integer(1)])),
    ])
    func `a value is read`(text: String, value: JSONValue) {
        #expect(JSONReader.read(text) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "tru", "-", "1 2", "1.5", "99999999999999999999", "\"", "\"\\", "\"\\u12", "\"\\uzzzz\"", "[", "[1", "[1,]",
        "[1 2]", "]",
        "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{1:2}", "{\"a\" 1}", "}",
    ])
    func `what is no value, or not whole, is not read`(text: String) {
        #expect(JSONReader.read(text) == nil)
    }
}
