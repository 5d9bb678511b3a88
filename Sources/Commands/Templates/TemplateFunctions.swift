/// The functions of Go's templates and of Docker's (docs.docker.com/engine/cli/formatting).
enum TemplateFunctions {
    static let names: Set<String> = [
        "and", "eq", "ge", "gt", "index", "join", "json", "le", "len", "lower", "lt", "ne", "not", "or", "pad", "print", "printf",
        "println", "slice", "split", "title", "truncate", "upper",
    ]

    /// Those that leave the head of a table's column as it is.
    static let leaveCaptions: Set<String> = ["join", "json", "lower", "pad", "split", "title", "truncate", "upper"]

    static func call(_ name: String, _ arguments: [TemplateValue]) throws(TemplateProblem) -> TemplateValue {
        let given = TemplateArguments(function: name, values: arguments)
        switch name {
        case "json": return .string(try given.only().json)
        case "not": return .bool(!(try given.only().isTrue))
        case "len": return .integer(Int64(try length(try given.only())))
        case "index": return try index(given)
        case "slice": return try slice(given)
        case "print": return .string(GoFormat.print(arguments))
        case "println": return .string(arguments.map(\.shown).joined(separator: " ") + "\n")
        case "printf": return .string(try GoFormat.printf(given))
        case "eq", "ne", "lt", "le", "gt", "ge": return .bool(try TemplateComparison.compare(name, given))
        default: return try text(name, given)
        }
    }

    // MARK: Texts

    private static func text(_ name: String, _ given: TemplateArguments) throws(TemplateProblem) -> TemplateValue {
        switch name {
        case "upper": return .string(try given.text(0).uppercased())
        case "lower": return .string(try given.text(0).lowercased())
        case "title": return .string(title(try given.text(0)))
        case "join": return .string(try given.list(0).map(\.shown).joined(separator: try given.text(1)))
        case "split": return .list(split(try given.text(0), try given.text(1)))
        case "truncate": return .string(String(try given.text(0).prefix(max(0, try given.integer(1)))))
        case "pad": return .string(pad(try given.text(0), try given.integer(1), try given.integer(2)))
        default: throw TemplateProblem("function \"\(name)\" is not defined")
        }
    }

    private static func title(_ text: String) -> String {
        var startsWord = true
        return String(
            text.flatMap { character in
                defer { startsWord = character.isWhitespace }
                return Array(startsWord ? character.uppercased() : String(character))
            })
    }

    private static func split(_ text: String, _ separator: String) -> [TemplateValue] {
        guard !separator.isEmpty else { return text.map { .string(String($0)) } }
        var parts: [String] = [""]
        var rest = text[...]
        while let next = rest.first {
            if rest.hasPrefix(separator) {
                parts.append("")
                rest = rest.dropFirst(separator.count)
            } else {
                parts[parts.count - 1].append(next)
                rest = rest.dropFirst()
            }
        }
        return parts.map { .string($0) }
    }

    /// The most spaces that are added: no table is wider.
    private static let widest = 1000

    private static func pad(_ text: String, _ before: Int, _ after: Int) -> String {
        guard !text.isEmpty else { return "" }
        func spaces(_ count: Int) -> String { String(repeating: " ", count: min(max(count, 0), widest)) }
        return spaces(before) + text + spaces(after)
    }

    // MARK: Collections

    private static func length(_ value: TemplateValue) throws(TemplateProblem) -> Int {
        switch value {
        case .string(let text): return text.utf8.count
        case .list(let items): return items.count
        case .map(let items): return items.count
        case .null: return 0
        default: throw TemplateProblem("len of \(value.kindName)")
        }
    }

    /// `index map "key" …` and `index list 0 …`, one level an argument.
    private static func index(_ given: TemplateArguments) throws(TemplateProblem) -> TemplateValue {
        guard var value = given.values.first else { throw TemplateProblem("index needs a value") }
        for key in given.values.dropFirst() {
            switch (value, key) {
            case (.map(let items), .string(let name)): value = items[name] ?? absent(from: items)
            case (.list(let items), .integer(let position)):
                guard let offset = Int(exactly: position), items.indices.contains(offset) else {
                    throw TemplateProblem("index \(position) is out of range: there are \(items.count)")
                }
                value = items[offset]
            default: throw TemplateProblem("\(value.kindName) has no index \(key.json)")
            }
        }
        return value
    }

    /// Go's zero value of the map's elements.
    private static func absent(from items: [String: TemplateValue]) -> TemplateValue {
        let areTexts = items.values.allSatisfy { if case .string = $0 { true } else { false } }
        return areTexts ? .string("") : .null
    }

    private static func slice(_ given: TemplateArguments) throws(TemplateProblem) -> TemplateValue {
        let value = try given.value(0)
        let count = try length(value)
        let start = given.values.count > 1 ? try given.integer(1) : 0
        let end = given.values.count > 2 ? try given.integer(2) : count
        guard 0 <= start, start <= end, end <= count else {
            throw TemplateProblem("slice \(start) to \(end) is out of range: there are \(count)")
        }
        switch value {
        case .string(let text): return .string(String(decoding: Array(text.utf8)[start..<end], as: UTF8.self))
        case .list(let items): return .list(Array(items[start..<end]))
        default: throw TemplateProblem("slice of \(value.kindName)")
        }
    }
}
