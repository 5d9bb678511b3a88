/// Takes a template apart into text and actions.
struct TemplateLexer {
    enum Segment: Hashable {
        case text(String)
        case action([TemplateToken])
    }

    private var rest: Substring
    private var segments: [Segment] = []

    static func segments(of text: String) throws(TemplateProblem) -> [Segment] {
        var lexer = TemplateLexer(rest: text[...])
        return try lexer.run()
    }

    private mutating func run() throws(TemplateProblem) -> [Segment] {
        var trimsNext = false
        while !rest.isEmpty {
            var text = takeText()
            if trimsNext { text = text.drop { $0.isWhitespace } }
            let hasAction = take("{{")
            if hasAction, takeTrimMark() { text = text.trimmingEnd() }
            if !text.isEmpty { segments.append(.text(String(text))) }
            guard hasAction else { break }
            trimsNext = try takeAction()
        }
        return segments
    }

    private mutating func takeText() -> Substring {
        var end = rest.startIndex
        while end < rest.endIndex, !rest[end...].hasPrefix("{{") { end = rest.index(after: end) }
        let text = rest[..<end]
        rest = rest[end...]
        return text
    }

    private mutating func take(_ prefix: String) -> Bool {
        guard rest.hasPrefix(prefix) else { return false }
        rest = rest.dropFirst(prefix.count)
        return true
    }

    /// `- ` at the start of an action: white space before it goes.
    private mutating func takeTrimMark() -> Bool {
        guard rest.first == "-", rest.dropFirst().first?.isWhitespace == true else { return false }
        rest = rest.dropFirst(2)
        return true
    }

    /// Reads up to the end of the action.
    /// - Returns: whether white space behind it goes (` -}}`).
    private mutating func takeAction() throws(TemplateProblem) -> Bool {
        if let trims = try takeComment() { return trims }
        var tokens: [TemplateToken] = []
        while true {
            let hadSpace = takeSpace()
            if hadSpace, take("-}}") {
                segments.append(.action(tokens))
                return true
            }
            if take("}}") {
                segments.append(.action(tokens))
                return false
            }
            guard !rest.isEmpty else { throw TemplateProblem("an action is not closed with }}") }
            tokens.append(TemplateToken(kind: try takeToken(), isAdjacent: !hadSpace && !tokens.isEmpty))
        }
    }

    private mutating func takeComment() throws(TemplateProblem) -> Bool? {
        guard take("/*") else { return nil }
        while !rest.isEmpty, !rest.hasPrefix("*/") { rest = rest.dropFirst() }
        guard take("*/") else { throw TemplateProblem("a comment is not closed with */") }
        if takeSpace(), take("-}}") { return true }
        guard take("}}") else { throw TemplateProblem("a comment must fill its action") }
        return false
    }

    private mutating func takeSpace() -> Bool {
        let before = rest
        rest = rest.drop { $0.isWhitespace }
        return before.count != rest.count
    }

    // MARK: Tokens

    private mutating func takeToken() throws(TemplateProblem) -> TemplateToken.Kind {
        guard let first = rest.first else { throw TemplateProblem("an action is not closed with }}") }
        switch first {
        case "|": return single(.pipe)
        case ",": return single(.comma)
        case "(": return single(.open)
        case ")": return single(.close)
        case "=": return single(.assign)
        case ":" where take(":="): return .declare
        case "\"": return .literal(.string(try takeQuoted()))
        case "`": return .literal(.string(try takeRaw()))
        case "$": return .variable("$" + takeName(after: 1))
        case ".": return takeDotted()
        case "0"..."9", "-", "+": return .literal(try takeNumber())
        case _ where first.isNamePart: return word(takeName(after: 0))
        default: throw TemplateProblem("unexpected \"\(first)\"")
        }
    }

    private mutating func single(_ kind: TemplateToken.Kind) -> TemplateToken.Kind {
        rest = rest.dropFirst()
        return kind
    }

    private mutating func takeName(after prefix: Int) -> String {
        rest = rest.dropFirst(prefix)
        let name = rest.prefix { $0.isNamePart }
        rest = rest.dropFirst(name.count)
        return String(name)
    }

    private mutating func takeDotted() -> TemplateToken.Kind {
        let name = takeName(after: 1)
        return name.isEmpty ? .dot : .field(name)
    }

    private func word(_ name: String) -> TemplateToken.Kind {
        switch name {
        case "true": .literal(.bool(true))
        case "false": .literal(.bool(false))
        case "nil": .literal(.null)
        default: .word(name)
        }
    }

    private mutating func takeNumber() throws(TemplateProblem) -> TemplateValue {
        let text = rest.prefix { $0.isNamePart || $0 == "." || $0 == "-" || $0 == "+" }
        rest = rest.dropFirst(text.count)
        if let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text) else { throw TemplateProblem("\"\(text)\" is not a number") }
        return .number(number)
    }

    private mutating func takeRaw() throws(TemplateProblem) -> String {
        let text = rest.dropFirst().prefix { $0 != "`" }
        rest = rest.dropFirst(1 + text.count)
        guard take("`") else { throw TemplateProblem("a text is not closed with `") }
        return String(text)
    }

    private mutating func takeQuoted() throws(TemplateProblem) -> String {
        rest = rest.dropFirst()
        var text = ""
        while let next = rest.popFirst() {
            switch next {
            case "\"": return text
            case "\\": text.append(try takeEscape())
            default: text.append(next)
            }
        }
        throw TemplateProblem("a text is not closed with \"")
    }

    private mutating func takeEscape() throws(TemplateProblem) -> Character {
        switch rest.popFirst() {
        case "n": "\n"
        case "t": "\t"
        case "r": "\r"
        case "\"": "\""
        case "\\": "\\"
        case let other: throw TemplateProblem("unknown escape \"\\\(other.map { String($0) } ?? "")\"")
        }
    }
}

extension Character {
    fileprivate var isNamePart: Bool { isLetter || isNumber || self == "_" }
}

extension Substring {
    fileprivate func trimmingEnd() -> Substring {
        var text = self
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return text
    }
}
