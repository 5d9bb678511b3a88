import ArgumentParser

/// The options of every list.
struct ListOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How to print it: table, \"table TEMPLATE\", json or a Go template such as '{{.ID}}: {{.Name}}'.", valueName: "format"))
    var format: String?
    @Flag(name: .customLong("no-trunc"), help: "Print whole ids.") var isUntruncated = false
    @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Print ids only.") var isQuiet = false

    func listFormat(_ style: ListFormat.Style) throws(TemplateFault) -> ListFormat {
        try ListFormat(format, isQuiet: isQuiet, style: style)
    }
}

/// The option of every command that shows objects.
struct FormatOption: ParsableArguments {
    @Option(
        name: [.customShort("f"), .customLong("format")],
        help: ArgumentHelp("How to print it: json, or a Go template such as '{{.Id}}'.", valueName: "format"))
    var format: String?
}
