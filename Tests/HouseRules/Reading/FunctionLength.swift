/// How long a function, initializer, deinitializer or subscript is.
struct FunctionLength: Equatable {
    /// The line of its keyword.
    let line: Int
    /// The lines from its keyword to its closing brace.
    let lines: Int

    /// The functions of a Swift source text that have a body; one inside another counts in both.
    static func functions(in text: String) -> [FunctionLength] {
        let tokens = SwiftToken.tokens(of: text)
        return tokens.indices.compactMap { index in
            guard startsFunction(tokens, at: index), let brace = bodyStart(tokens, after: index),
                let end = closingBrace(tokens, of: brace)
            else { return nil }
            return FunctionLength(line: tokens[index].line, lines: tokens[end].line - tokens[index].line + 1)
        }
    }

    private static func startsFunction(_ tokens: [SwiftToken], at index: Int) -> Bool {
        let next = index + 1 < tokens.count ? tokens[index + 1].text : ""
        let isMember = index > 0 && tokens[index - 1].text == "."
        switch tokens[index].text {
        case "func": return true
        case "init", "subscript": return !isMember && ["(", "<", "?"].contains(next)
        case "deinit": return next == "{"
        default: return false
        }
    }

    /// What ends a declaration without a body: the next declaration or the end of a protocol.
    private static let ends: Set<String> = [
        "}", "@", "func", "init", "deinit", "subscript", "var", "let", "case", "struct", "class", "enum", "actor", "extension", "protocol",
        "typealias", "associatedtype", "static", "mutating", "nonisolated", "public", "private", "internal", "fileprivate",
    ]

    private static func bodyStart(_ tokens: [SwiftToken], after index: Int) -> Int? {
        var depth = 0
        for position in tokens.indices.dropFirst(index + 1) {
            switch tokens[position].text {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "{" where depth == 0: return position
            case let text where depth == 0 && ends.contains(text): return nil
            default: break
            }
        }
        return nil
    }

    private static func closingBrace(_ tokens: [SwiftToken], of brace: Int) -> Int? {
        var depth = 0
        for position in tokens.indices.dropFirst(brace) {
            if tokens[position].text == "{" { depth += 1 }
            if tokens[position].text == "}" {
                depth -= 1
                if depth == 0 { return position }
            }
        }
        return nil
    }
}
