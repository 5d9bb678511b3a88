/// Turns a template's text and actions into a tree.
struct TemplateParser {
    private var segments: ArraySlice<TemplateLexer.Segment>

    /// How a list of nodes ended.
    private enum Ending {
        case endOfText
        case end
        /// `{{else}}`, with what stands behind the word.
        case otherwise(ArraySlice<TemplateToken>)
    }

    private static let unsupported: Set<String> = ["block", "break", "continue", "define", "template"]

    static func parse(_ text: String) throws(TemplateProblem) -> [TemplateNode] {
        var parser = TemplateParser(segments: try TemplateLexer.segments(of: text)[...])
        let (nodes, ending) = try parser.list()
        switch ending {
        case .endOfText: return nodes
        case .end: throw TemplateProblem("unexpected {{end}}")
        case .otherwise: throw TemplateProblem("unexpected {{else}}")
        }
    }

    private mutating func list() throws(TemplateProblem) -> ([TemplateNode], Ending) {
        var nodes: [TemplateNode] = []
        while let segment = segments.popFirst() {
            switch segment {
            case .text(let text): nodes.append(.text(text))
            case .action(let tokens):
                guard let ending = try ending(tokens[...]) else {
                    nodes.append(try node(tokens[...]))
                    continue
                }
                return (nodes, ending)
            }
        }
        return (nodes, .endOfText)
    }

    private func ending(_ tokens: ArraySlice<TemplateToken>) throws(TemplateProblem) -> Ending? {
        switch tokens.first?.kind {
        case .word("else"): return .otherwise(tokens.dropFirst())
        case .word("end"):
            if let extra = tokens.dropFirst().first { throw TemplateProblem("unexpected \"\(extra.text)\" in {{end}}") }
            return .end
        default: return nil
        }
    }

    private mutating func node(_ tokens: ArraySlice<TemplateToken>) throws(TemplateProblem) -> TemplateNode {
        guard case .word(let word) = tokens.first?.kind else { return .output(try pipeline(tokens)) }
        switch word {
        case "if", "with", "range": return try block(word, tokens.dropFirst())
        case _ where Self.unsupported.contains(word): throw TemplateProblem("{{\(word)}} is not supported")
        default: return .output(try pipeline(tokens))
        }
    }

    private func pipeline(_ tokens: ArraySlice<TemplateToken>) throws(TemplateProblem) -> TemplatePipeline {
        var parser = TemplateExpressionParser(tokens)
        return try parser.whole()
    }

    private mutating func block(_ word: String, _ tokens: ArraySlice<TemplateToken>) throws(TemplateProblem) -> TemplateNode {
        let subject = try pipeline(tokens)
        let (body, ending) = try list()
        let otherwise = try alternative(ending, of: word)
        switch word {
        case "if": return .condition(subject, body, otherwise: otherwise)
        case "with": return .with(subject, body, otherwise: otherwise)
        default: return .range(subject, body, otherwise: otherwise)
        }
    }

    private mutating func alternative(_ ending: Ending, of word: String) throws(TemplateProblem) -> [TemplateNode] {
        switch ending {
        case .end: return []
        case .endOfText: throw TemplateProblem("{{\(word)}} has no {{end}}")
        case .otherwise(let tokens):
            // `{{else if …}}` shares the `{{end}}` of its block.
            if case .word(let next) = tokens.first?.kind, next == "if" || next == "with" {
                return [try block(next, tokens.dropFirst())]
            }
            if let extra = tokens.first { throw TemplateProblem("unexpected \"\(extra.text)\" in {{else}}") }
            let (nodes, last) = try list()
            guard case .end = last else { throw TemplateProblem("{{else}} has no {{end}}") }
            return nodes
        }
    }
}
