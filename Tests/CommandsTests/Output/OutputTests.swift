import Testing

@testable import Commands

@Suite struct OutputTests {
    private static let style = ListFormat.Style(
        table: "{{.ID}}\t{{.Name}}", quiet: "{{.ID}}", captions: TemplateRecord(["ID": "NETWORK ID", "Name": "NAME"]))
    private static let rows = [TemplateRecord(["ID": "1", "Name": "a-long-long-name"]), TemplateRecord(["ID": "2", "Name": "b"])]

    @Test func `columns are as wide as their widest cell and three spaces, and ten at least`() {
        #expect(AlignedText.align("ID\tA NAME\tX\n1234567890\tb\ty\n") == "ID           A NAME    X\n1234567890   b         y\n")
    }

    @Test func `a line without tabs does not widen a column, and parts the lines above from those below`() {
        #expect(
            AlignedText.align("aaaaaaaaaaaa\tb\nno tabs in this long line\nc\td")
                == "aaaaaaaaaaaa   b\nno tabs in this long line\nc         d")
    }

    @Test(arguments: [
        (nil, false, "NETWORK ID   NAME\n1            a-long-long-name\n2            b\n"),
        ("table", false, "NETWORK ID   NAME\n1            a-long-long-name\n2            b\n"), (nil, true, "1\n2\n"),
        ("table", true, "1\n2\n"),
        ("{{.Name}}", true, "a-long-long-name\nb\n"), (#"{{.ID}}\t{{.Name}}\n"#, false, "1\ta-long-long-name\n\n2\tb\n\n"),
        (#"table {{.Name}}\t{{.ID}}"#, false, "NAME               NETWORK ID\na-long-long-name   1\nb                  2\n"),
        ("json", false, "{\"ID\":\"1\",\"Name\":\"a-long-long-name\"}\n{\"ID\":\"2\",\"Name\":\"b\"}\n"),
    ])
    func `a list is printed by its format`(format: String?, isQuiet: Bool, expected: String) throws {
        #expect(try ListFormat(format, isQuiet: isQuiet, style: Self.style).render(Self.rows) == expected)
    }

    @Test func `an empty table is its head, and any other empty list nothing`() throws {
        #expect(try ListFormat(nil, isQuiet: false, style: Self.style).render([]) == "NETWORK ID   NAME\n")
        #expect(try ListFormat("json", isQuiet: false, style: Self.style).render([]) == "")
    }

    @Test func `names are listed by their numbers`() {
        let names = ["net10", "net2", "a", "net", "net02", "b1c2", "b1c10", ""]
        #expect(names.sorted(by: NaturalOrder.isLess) == ["", "a", "b1c2", "b1c10", "net", "net2", "net02", "net10"])
    }

    @Test(arguments: [
        ("2026-01-01T00:00:00.000000000Z", "2026-01-01 00:00:00 +0000 UTC"),
        ("2026-01-01T10:00:00.120000000Z", "2026-01-01 10:00:00.12 +0000 UTC"),
        ("2026-01-01T10:00:00Z", "2026-01-01 10:00:00 +0000 UTC"), ("nonsense", "nonsense"),
    ])
    func `points in time are written as Go writes them`(time: String, expected: String) {
        #expect(GoTime.text(time) == expected)
    }
}
