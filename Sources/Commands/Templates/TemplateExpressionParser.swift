/// Reads the pipeline of one action.
struct TemplateExpressionParser {
    private var tokens: ArraySlice<TemplateToken>

    init(_ tokens: ArraySlice<TemplateToken>) {
        self.tokens = tokens
    }

    mutating func whole() throws(TemplateProblem) -> TemplatePipeline {
        let pipeline = try pipeline()
        if let extra = tokens.first { throw TemplateProblem("unexpected \"\(extra.text)\"") }
        return pipeline
    }

    private mutating func pipeline() throws(TemplateProblem) -> TemplatePipeline {
        let (variables, isAssignment) = takeVariables()
        var commands = [try command()]
        while take(.pipe) {
            let next = try command()
            guard next.isCall else { throw TemplateProblem("only a function can stand behind |") }
            commands.append(next)
        }
        return TemplatePipeline(variables: variables, isAssignment: isAssignment, commands: commands)
    }

    /// `$a :=`, `$a, $b :=` or `$a =`; nothing is taken when none of them stands here.
    private mutating func takeVariables() -> ([String], isAssignment: Bool) {
        var ahead = tokens
        var names: [String] = []
        while case .variable(let name) = ahead.first?.kind, names.count < 2 {
            names.append(name)
            ahead = ahead.dropFirst()
            switch ahead.first?.kind {
            case .declare, .assign:
                let isAssignment = ahead.first?.kind == .assign
                tokens = ahead.dropFirst()
                return (names, isAssignment)
            case .comma: ahead = ahead.dropFirst()
            default: return ([], false)
            }
        }
        return ([], false)
    }

    private mutating func take(_ kind: TemplateToken.Kind) -> Bool {
        guard tokens.first?.kind == kind else { return false }
        tokens = tokens.dropFirst()
        return true
    }

    private mutating func command() throws(TemplateProblem) -> TemplateCommand {
        guard let head = try operand() else {
            throw TemplateProblem(tokens.first.map { "unexpected \"\($0.text)\"" } ?? "an action is empty")
        }
        var arguments: [TemplateOperand] = []
        while let next = try operand() { arguments.append(next) }
        if !arguments.isEmpty, !TemplateCommand(head: head, arguments: []).isCall {
            throw TemplateProblem("a value cannot be called with arguments")
        }
        return TemplateCommand(head: head, arguments: arguments)
    }

    /// The next operand, or nil at the end of the command.
    private mutating func operand() throws(TemplateProblem) -> TemplateOperand? {
        guard let token = tokens.first else { return nil }
        var operand: TemplateOperand
        switch token.kind {
        case .pipe, .close: return nil
        case .comma, .declare, .assign: throw TemplateProblem("unexpected \"\(token.text)\"")
        case .open: return try nested()
        case .dot: operand = TemplateOperand(base: .dot)
        case .field(let name): operand = TemplateOperand(base: .dot, fields: [name])
        case .variable(let name): operand = TemplateOperand(base: .variable(name))
        case .literal(let value): operand = TemplateOperand(base: .literal(value))
        case .word(let name):
            guard TemplateFunctions.names.contains(name) else { throw TemplateProblem("function \"\(name)\" is not defined") }
            operand = TemplateOperand(base: .function(name))
        }
        tokens = tokens.dropFirst()
        takeFields(of: &operand)
        return operand
    }

    private mutating func nested() throws(TemplateProblem) -> TemplateOperand {
        tokens = tokens.dropFirst()
        var operand = TemplateOperand(base: .nested(try pipeline()))
        guard take(.close) else { throw TemplateProblem("a parenthesis is not closed") }
        takeFields(of: &operand)
        return operand
    }

    private mutating func takeFields(of operand: inout TemplateOperand) {
        while let token = tokens.first, token.isAdjacent, case .field(let name) = token.kind {
            operand.fields.append(name)
            tokens = tokens.dropFirst()
        }
    }
}

extension TemplateCommand {
    /// Whether it can take arguments: a function, or a field that is looked up by them.
    var isCall: Bool {
        if case .function = head.base { return true }
        return !head.fields.isEmpty
    }
}
