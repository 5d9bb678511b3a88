/// The import lines of a Swift source text.
enum Imports {
    /// The names of the modules, without attributes and access levels.
    static func modules(in text: String) -> Set<String> {
        let tokens = SwiftToken.tokens(of: text)
        return Set(
            tokens.indices.compactMap { index in
                guard tokens[index].text == "import", index + 1 < tokens.count else { return nil }
                // `import struct Foundation.Data`
                let isKind = ["struct", "class", "enum", "func", "protocol", "typealias", "var", "let"].contains(tokens[index + 1].text)
                let position = index + (isKind ? 2 : 1)
                return position < tokens.count ? tokens[position].text : nil
            })
    }
}
