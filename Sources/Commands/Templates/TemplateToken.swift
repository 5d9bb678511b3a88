/// A word of an action.
struct TemplateToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case dot
        /// `.Name`, without the dot.
        case field(String)
        /// With its `$`; the bare `$` is the root.
        case variable(String)
        case word(String)
        case literal(TemplateValue)
        case pipe, comma, open, close, declare, assign
    }

    var kind: Kind
    /// Whether it stands directly behind the token before it, as `.B` in `.A.B`.
    var isAdjacent: Bool

    /// As in the template, for error messages.
    var text: String {
        switch kind {
        case .dot: "."
        case .field(let name): "." + name
        case .variable(let name), .word(let name): name
        case .literal(let value): value.json
        case .pipe: "|"
        case .comma: ","
        case .open: "("
        case .close: ")"
        case .declare: ":="
        case .assign: "="
        }
    }
}
