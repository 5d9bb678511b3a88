import Testing

@Suite struct FunctionLengthTests {
    @Test func `a function is as long as from its keyword to its closing brace`() {
        let text = """
            struct A {
                /// Not counted.
                func one() -> Int { 1 }

                static func < (left: A, right: A) -> Bool {
                    left.b
                        < right.b
                }

                init?(
                    _ text: String = { "}" }()
                ) throws(InvalidValue) {
                    self.init(text)
                }
                subscript(_ index: Int) -> Int { index }
                deinit {
                }
            }
            """
        #expect(
            FunctionLength.functions(in: text) == [
                FunctionLength(line: 3, lines: 1), FunctionLength(line: 5, lines: 4), FunctionLength(line: 10, lines: 5),
                FunctionLength(line: 15, lines: 1), FunctionLength(line: 16, lines: 2),
            ])
    }

    @Test func `a requirement of a protocol has no length`() {
        let text = """
            protocol A {
                func one() async throws(StoreError) -> [Int: String]
                init(_ text: String)
                var two: Int { get }
                func three()
            }
            extension A {
                func four() {}
            }
            """
        #expect(FunctionLength.functions(in: text) == [FunctionLength(line: 8, lines: 1)])
    }

    @Test func `braces in strings and comments do not count`() {
        let text = #"""
            func one() {
                a("{ \(b { 1 }) {")  // }
                /* } */
            }
            """#
        #expect(FunctionLength.functions(in: text) == [FunctionLength(line: 1, lines: 4)])
    }
}
