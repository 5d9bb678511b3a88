/// A piece of a parsed template.
indirect enum TemplateNode: Hashable, Sendable {
    case text(String)
    case output(TemplatePipeline)
    case condition(TemplatePipeline, [TemplateNode], otherwise: [TemplateNode])
    case with(TemplatePipeline, [TemplateNode], otherwise: [TemplateNode])
    case range(TemplatePipeline, [TemplateNode], otherwise: [TemplateNode])
}

/// `$a, $b := first | second`.
struct TemplatePipeline: Hashable, Sendable {
    /// The variables on the left, each with its `$`.
    var variables: [String]
    /// `=` in place of `:=`.
    var isAssignment: Bool
    /// At least one.
    var commands: [TemplateCommand]
}

/// `function argument argument`, or one operand alone.
struct TemplateCommand: Hashable, Sendable {
    var head: TemplateOperand
    var arguments: [TemplateOperand]
}

/// A value, and the fields taken of it.
struct TemplateOperand: Hashable, Sendable {
    indirect enum Base: Hashable, Sendable {
        case dot
        case literal(TemplateValue)
        case variable(String)
        case function(String)
        case nested(TemplatePipeline)
    }

    var base: Base
    var fields: [String] = []
}
