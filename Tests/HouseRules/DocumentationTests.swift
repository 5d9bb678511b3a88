import Testing

@Suite struct DocumentationTests {
    private let tree = SourceTree.package

    @Test func `the index of the documentation lists every page`() throws {
        let pages = try tree.paths(below: "docs").map { String($0.dropFirst("docs/".count)) }
        let listed = pages.filter { $0.contains(".") && $0 != "README.md" }
        #expect(Documentation.missing(from: try tree.text(of: "docs/README.md"), pages: listed) == [])
    }

    @Test func `every page of the design ends in review notes`() throws {
        let pages = try tree.paths(below: "docs/design").filter { $0.hasSuffix(".md") }
        #expect(!pages.isEmpty)
        #expect(try pages.filter { !Documentation.endsInReviewNotes(try tree.text(of: $0)) } == [])
    }

    @Test func `no page links to a file that is not there`() throws {
        let pages = try ["README.md", "CHANGELOG.md"] + tree.paths(below: "docs").filter { $0.hasSuffix(".md") }
        for page in pages {
            let folder = page.split(separator: "/").dropLast().joined(separator: "/")
            let broken = Documentation.brokenLinks(in: try tree.text(of: page)) { tree.exists(folder.isEmpty ? $0 : "\(folder)/\($0)") }
            #expect(broken == [], "in \(page)")
        }
    }

    @Test func `the first page gives the two commands`() throws {
        let readme = try tree.text(of: "README.md")
        for command in ["scripts/demo", "scripts/test"] {
            #expect(readme.contains("\n    \(command)\n") || readme.contains("\n\(command)\n"), "\(command) on a line of its own")
            #expect(tree.exists(command))
        }
    }

    @Test func `every library says what it is`() throws {
        let cModules = Floors.all.first { $0.name == "C" }?.targets ?? []
        let binaries = Floors.all.last?.targets ?? []
        let targets = try tree.folders(in: "Sources").filter { !cModules.contains($0) && !binaries.contains($0) }
        #expect(targets.filter { !tree.exists("Sources/\($0)/README.md") } == [])
    }

    // MARK: Planted violations

    @Test func `a page that the index forgets is found`() {
        let index = "- [a](design/a.md)\n- b: design/b.md"
        #expect(Documentation.missing(from: index, pages: ["design/a.md", "design/b.md"]) == ["design/b.md"])
    }

    @Test func `a page without review notes at its end is found`() {
        #expect(Documentation.endsInReviewNotes("# A\n\n## Invariants\n\n## Review notes\n\n- one"))
        #expect(!Documentation.endsInReviewNotes("# A\n\n## Review notes\n\n## More"))
        #expect(!Documentation.endsInReviewNotes("# A"))
    }

    @Test func `a broken link is found, and an address elsewhere is none`() {
        let page = "[a](a.md) [b](b.md#part) [c](https://example.org) [d](#here)"
        #expect(Documentation.brokenLinks(in: page) { $0 == "a.md" } == ["b.md"])
    }
}
