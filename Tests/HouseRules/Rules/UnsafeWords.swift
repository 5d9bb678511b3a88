/// What can end the process on some input, or hide work from its owner.
enum UnsafeWords {
    /// Functions that trap.
    private static let traps: Set<String> = ["assertionFailure", "fatalError", "precondition", "preconditionFailure"]

    /// The violations of a Swift source text, each with its line.
    static func violations(in text: String) -> [String] {
        let tokens = SwiftToken.tokens(of: text)
        return tokens.indices.compactMap { index in
            violation(tokens, at: index).map { "line \(tokens[index].line): \($0)" }
        }
    }

    private static func violation(_ tokens: [SwiftToken], at index: Int) -> String? {
        let token = tokens[index]
        let next = index + 1 < tokens.count ? tokens[index + 1] : nil
        switch token.text {
        case let text where traps.contains(text) && next?.text == "(": return text
        case "!" where isPostfix(tokens, at: index):
            let word = tokens[index - 1].text
            return ["try", "as"].contains(word) ? "\(word)!" : "force unwrap"
        case "Task" where startsTask(tokens, at: index): return "unstructured Task"
        default: return nil
        }
    }

    private static func isPostfix(_ tokens: [SwiftToken], at index: Int) -> Bool {
        guard index > 0, tokens[index].isAdjacent else { return false }
        let isComparison = index + 1 < tokens.count && tokens[index + 1].text == "=" && tokens[index + 1].isAdjacent
        return !isComparison && (tokens[index - 1].isWord || [")", "]", "}", "`"].contains(tokens[index - 1].text))
    }

    /// `Task { … }`, `Task(priority: …) { … }`, `Task.detached`; not `Task.sleep`, and not the word in another place.
    private static func startsTask(_ tokens: [SwiftToken], at index: Int) -> Bool {
        let following = tokens.dropFirst(index + 1).prefix(2).map(\.text)
        return following.first == "{" || following.first == "(" || following == [".", "detached"] || following == [".", "immediate"]
    }
}
