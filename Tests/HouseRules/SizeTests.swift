import Testing

@Suite struct SizeTests {
    @Test(arguments: ["Sources", "Tests"])
    func `files are small`(area: String) throws {
        let files = try SourceTree.package.swiftFiles().filter { $0.area == area }
        #expect(files.filter { $0.lineCount > 500 }.map(\.path) == [])
        #expect(median(files.map(\.lineCount)) < 120)
        let large = files.filter { $0.lineCount > 320 }.map(\.path)
        #expect(large.count * 50 <= files.count, "over 320 lines: \(large)")
    }

    @Test(arguments: ["Sources", "Tests"])
    func `functions are short`(area: String) throws {
        let files = try SourceTree.package.swiftFiles().filter { $0.area == area }
        let functions = files.flatMap { file in FunctionLength.functions(in: file.text).map { (file.path, $0) } }
        #expect(functions.filter { $0.1.lines > 60 }.map { "\($0):\($1.line) has \($1.lines) lines" } == [])
        // A test is a story and may be longer than a function of the product.
        #expect(median(functions.map(\.1.lines)) < (area == "Sources" ? 8 : 16))
    }

    private func median(_ numbers: [Int]) -> Int {
        numbers.isEmpty ? 0 : numbers.sorted()[numbers.count / 2]
    }
}
