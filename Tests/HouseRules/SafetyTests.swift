import Testing

@Suite struct SafetyTests {
    @Test func `nothing in the sources traps, and no task runs by itself`() throws {
        let violations = try SourceTree.package.swiftFiles().filter { $0.area == "Sources" }.flatMap { file in
            UnsafeWords.violations(in: file.text).map { "\(file.path) \($0)" }
        }
        #expect(violations == [])
    }

    @Test func `nothing is left to be done later`() throws {
        let words = ["TODO", "FIXME", "XXX"]
        let unfinished = try SourceTree.package.swiftFiles().filter { file in
            !file.path.hasSuffix("SafetyTests.swift") && words.contains(where: file.text.contains)
        }
        #expect(unfinished.map(\.path) == [])
    }

    @Test func `the names of tests are sentences`() throws {
        let tests = /@Test(\([^\n]*\))?\s+func (?<name>[^`\s(]+)\(/
        let unnamed = try SourceTree.package.swiftFiles().filter { $0.area == "Tests" }.flatMap { file in
            file.text.matches(of: tests).map { "\(file.path): \($0.output.name)" }
        }
        #expect(unnamed == [])
    }

    // MARK: Planted violations

    @Test(arguments: [
        ("let a = try! b()", "try!"),
        ("let a = b as! C", "as!"),
        ("a = b!", "force unwrap"),
        ("a = b()!.c", "force unwrap"),
        ("a = b[0]!", "force unwrap"),
        ("var a: B!", "force unwrap"),
        (#"a = "x \(b!) y""#, "force unwrap"),
        ("fatalError()", "fatalError"),
        ("precondition(a > 0)", "precondition"),
        ("Task { await a() }", "unstructured Task"),
        ("Task.detached { }", "unstructured Task"),
        ("Task(priority: .high) { }", "unstructured Task"),
    ])
    func `unsafe code is found`(code: String, name: String) {
        #expect(UnsafeWords.violations(in: "\n" + code) == ["line 2: \(name)"])
    }

    @Test(arguments: [
        "// try! as! b!", "/* fatalError() /* nested */ a! */", #"a = "try! b!""#, ##"a = #"x \(b!) " y!"#"##,
        "\"\"\"\na! \"quoted\" b!\n\"\"\"",
        "if !a, b != c, d !== e {}", "func `no try! here`() {}", "try await Task.sleep(for: a)", "a.fatalErrors()",
        "/// - Precondition: none",
        "let handle: Task<Void, Never>",
    ])
    func `safe code is let through`(code: String) {
        #expect(UnsafeWords.violations(in: code) == [])
    }
}
