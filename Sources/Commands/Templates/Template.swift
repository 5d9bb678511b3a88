import NetworkModel

/// A template of `--format`: the part of Go's language (pkg.go.dev/text/template) that users of Docker write.
///
/// Fields, variables, pipelines, `if`, `with`, `range`, comments, white-space trimming, and the functions in ``TemplateFunctions``.
struct Template: Sendable {
    private let text: String
    private let nodes: [TemplateNode]

    init(_ text: String) throws(TemplateFault) {
        self.text = text
        do throws(TemplateProblem) {
            nodes = try TemplateParser.parse(text)
        } catch {
            throw TemplateFault(template: text, problem: error)
        }
    }

    func render(_ value: TemplateValue) throws(TemplateFault) -> String {
        try render(value, isHeader: false)
    }

    /// The head of a table: fields give their captions, and functions leave them alone.
    func renderHeader(_ captions: TemplateValue) throws(TemplateFault) -> String {
        try render(captions, isHeader: true)
    }

    private func render(_ value: TemplateValue, isHeader: Bool) throws(TemplateFault) -> String {
        do throws(TemplateProblem) {
            var evaluator = TemplateEvaluator(root: value, isHeader: isHeader)
            return try evaluator.render(nodes)
        } catch {
            throw TemplateFault(template: text, problem: error)
        }
    }
}

/// What is wrong with a template, or with its use on a value.
struct TemplateFault: Fault, Hashable {
    let message: String
    var kind: FaultKind { .invalid }

    init(template: String, problem: TemplateProblem) {
        message = "invalid template \"\(template)\": \(problem.text)"
    }
}

/// A problem before it is known which template has it.
struct TemplateProblem: Error, Hashable {
    let text: String

    init(_ text: String) {
        self.text = text
    }
}
