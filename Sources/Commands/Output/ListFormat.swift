/// How a list is printed: Docker's `--format` and `--quiet` (docs.docker.com/engine/cli/formatting).
struct ListFormat {
    /// What a kind of list prints without a format.
    struct Style: Sendable {
        /// The columns of the table.
        let table: String
        let quiet: String
        /// The caption of each field.
        let captions: TemplateRecord
    }

    private let template: Template
    private let isTable: Bool
    private let style: Style

    init(_ format: String?, isQuiet: Bool, style: Style) throws(TemplateFault) {
        self.style = style
        switch format ?? "" {
        case "", "table": (isTable, template) = (!isQuiet, try Template(isQuiet ? style.quiet : style.table))
        case "json": (isTable, template) = (false, try Template("{{json .}}"))
        case let format where format.hasPrefix("table"):
            (isTable, template) = (true, try Template(Self.unescaped(format.dropFirst("table".count))))
        case let format: (isTable, template) = (false, try Template(Self.unescaped(format[...])))
        }
    }

    /// Shells pass `\t` and `\n` on as they are, so Docker reads them.
    private static func unescaped(_ format: Substring) -> String {
        var text = ""
        var rest = format.drop { $0 == " " }
        while rest.last == " " { rest = rest.dropLast() }
        while let next = rest.popFirst() {
            switch (next, rest.first) {
            case ("\\", "t"): text.append("\t")
            case ("\\", "n"): text.append("\n")
            default:
                text.append(next)
                continue
            }
            rest = rest.dropFirst()
        }
        return text
    }

    /// The whole output.
    func render(_ rows: [TemplateRecord]) throws(TemplateFault) -> String {
        var lines = ""
        if isTable { lines = try template.renderHeader(.record(style.captions)) + "\n" }
        for row in rows { lines += try template.render(.record(row)) + "\n" }
        return isTable ? AlignedText.align(lines) : lines
    }
}
