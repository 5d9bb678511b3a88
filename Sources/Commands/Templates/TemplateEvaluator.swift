/// Renders a parsed template over one value.
struct TemplateEvaluator {
    private let root: TemplateValue
    private let isHeader: Bool
    private var dot: TemplateValue
    /// The innermost last.
    private var variables: [(name: String, value: TemplateValue)] = []
    private var output = ""

    init(root: TemplateValue, isHeader: Bool) {
        self.root = root
        self.isHeader = isHeader
        self.dot = root
    }

    mutating func render(_ nodes: [TemplateNode]) throws(TemplateProblem) -> String {
        try run(nodes)
        return output
    }

    private mutating func run(_ nodes: [TemplateNode]) throws(TemplateProblem) {
        for node in nodes { try run(node) }
    }

    private mutating func run(_ node: TemplateNode) throws(TemplateProblem) {
        switch node {
        case .text(let text): output += text
        case .output(let pipeline):
            let value = try evaluate(pipeline)
            if pipeline.variables.isEmpty { output += value.shown }
        case .condition(let pipeline, let body, let otherwise):
            try scoped { evaluator throws(TemplateProblem) in
                let isTrue = try evaluator.evaluate(pipeline).isTrue
                try evaluator.run(isTrue ? body : otherwise)
            }
        case .with(let pipeline, let body, let otherwise):
            try scoped { evaluator throws(TemplateProblem) in
                let value = try evaluator.evaluate(pipeline)
                guard value.isTrue else { return try evaluator.run(otherwise) }
                evaluator.dot = value
                try evaluator.run(body)
            }
        case .range(let pipeline, let body, let otherwise): try range(pipeline, body, otherwise)
        }
    }

    /// Runs something whose dot and variables are its own.
    private mutating func scoped(
        _ body: (inout TemplateEvaluator) throws(TemplateProblem) -> Void
    ) throws(TemplateProblem) {
        let (outerDot, outerCount) = (dot, variables.count)
        try body(&self)
        dot = outerDot
        variables.removeLast(variables.count - outerCount)
    }

    private mutating func range(
        _ pipeline: TemplatePipeline, _ body: [TemplateNode], _ otherwise: [TemplateNode]
    ) throws(TemplateProblem) {
        var subject = pipeline
        subject.variables = []
        let items = try Self.items(of: try evaluate(subject))
        guard !items.isEmpty else { return try run(otherwise) }
        for (key, value) in items {
            try scoped { evaluator throws(TemplateProblem) in
                evaluator.dot = value
                let values = pipeline.variables.count == 2 ? [key, value] : [value]
                for (name, value) in zip(pipeline.variables, values) { evaluator.variables.append((name, value)) }
                try evaluator.run(body)
            }
        }
    }

    private static func items(of value: TemplateValue) throws(TemplateProblem) -> [(TemplateValue, TemplateValue)] {
        switch value {
        case .null: return []
        case .list(let items): return items.enumerated().map { (.integer(Int64($0.offset)), $0.element) }
        case .map(let items): return items.sorted { $0.key < $1.key }.map { (.string($0.key), $0.value) }
        default: throw TemplateProblem("{{range}} cannot go over \(value.kindName)")
        }
    }

    // MARK: Expressions

    private mutating func evaluate(_ pipeline: TemplatePipeline) throws(TemplateProblem) -> TemplateValue {
        var value: TemplateValue?
        for command in pipeline.commands { value = try evaluate(command, piped: value) }
        let result = value ?? .null
        guard let name = pipeline.variables.first else { return result }
        if pipeline.isAssignment {
            guard let index = variables.lastIndex(where: { $0.name == name }) else {
                throw TemplateProblem("variable \(name) is not defined")
            }
            variables[index].value = result
        } else {
            variables.append((name, result))
        }
        return result
    }

    private mutating func evaluate(_ command: TemplateCommand, piped: TemplateValue?) throws(TemplateProblem) -> TemplateValue {
        if case .function(let name) = command.head.base {
            let result = try call(name, command.arguments, piped: piped)
            return try fields(command.head.fields, of: result)
        }
        guard !command.arguments.isEmpty || piped != nil else { return try evaluate(command.head) }
        var owner = command.head
        let name = owner.fields.popLast() ?? ""
        var arguments = try evaluate(command.arguments)
        if let piped { arguments.append(piped) }
        return try look(up: name, arguments, in: try evaluate(owner))
    }

    private mutating func evaluate(_ operands: [TemplateOperand]) throws(TemplateProblem) -> [TemplateValue] {
        var values: [TemplateValue] = []
        for operand in operands { values.append(try evaluate(operand)) }
        return values
    }

    private mutating func evaluate(_ operand: TemplateOperand) throws(TemplateProblem) -> TemplateValue {
        let base: TemplateValue
        switch operand.base {
        case .dot: base = dot
        case .literal(let value): base = value
        case .variable("$"): base = root
        case .variable(let name):
            guard let found = variables.last(where: { $0.name == name }) else {
                throw TemplateProblem("variable \(name) is not defined")
            }
            base = found.value
        case .function(let name): base = try call(name, [], piped: nil)
        case .nested(let pipeline): base = try evaluate(pipeline)
        }
        return try fields(operand.fields, of: base)
    }

    private func fields(_ names: [String], of value: TemplateValue) throws(TemplateProblem) -> TemplateValue {
        var value = value
        for name in names { value = try Self.field(name, of: value) }
        return value
    }

    private static func field(_ name: String, of value: TemplateValue) throws(TemplateProblem) -> TemplateValue {
        switch value {
        case .map(let items): return items[name] ?? .null
        case .record(let record):
            if let value = record[name] { return value }
            let known = record.fields.map(\.name).joined(separator: ", ")
            throw TemplateProblem("there is no field \"\(name)\" (there are \(known))")
        default: throw TemplateProblem("there is no field \"\(name)\" in \(value.kindName)")
        }
    }

    /// `.Label "key"`.
    private func look(
        up name: String, _ arguments: [TemplateValue], in owner: TemplateValue
    ) throws(TemplateProblem) -> TemplateValue {
        guard case .record(let record) = owner, let table = record.lookups[name], case .string(let key) = arguments.first,
            arguments.count == 1
        else { throw TemplateProblem("\"\(name)\" cannot be called with arguments") }
        return .string(isHeader ? key.labelCaption : table[key] ?? "")
    }

    private mutating func call(
        _ name: String, _ operands: [TemplateOperand], piped: TemplateValue?
    ) throws(TemplateProblem) -> TemplateValue {
        // The two that do not look at what they need not.
        if name == "and" || name == "or" { return try decide(isAnd: name == "and", operands, piped: piped) }
        var arguments = try evaluate(operands)
        if let piped { arguments.append(piped) }
        if isHeader, TemplateFunctions.leaveCaptions.contains(name), let caption = arguments.first { return caption }
        return try TemplateFunctions.call(name, arguments)
    }

    private mutating func decide(
        isAnd: Bool, _ operands: [TemplateOperand], piped: TemplateValue?
    ) throws(TemplateProblem) -> TemplateValue {
        var last: TemplateValue?
        for operand in operands {
            let value = try evaluate(operand)
            if value.isTrue != isAnd { return value }
            last = value
        }
        guard let value = piped ?? last else { throw TemplateProblem("\(isAnd ? "and" : "or") needs a value") }
        return value
    }
}

extension String {
    /// Docker's caption of a label's column: the last part of its key.
    fileprivate var labelCaption: String {
        let last = split(separator: ".", omittingEmptySubsequences: false).last ?? ""
        return String(last.map { $0 == "-" || $0 == "_" ? " " : $0 }).uppercased()
    }
}
