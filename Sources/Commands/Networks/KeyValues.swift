/// Flags such as `--label key=value`; a key alone has an empty value, and the last of several counts, as in Docker.
enum KeyValues {
    static func read(_ texts: [String]) -> [String: String] {
        Dictionary(texts.map { pair($0) }, uniquingKeysWith: { _, last in last })
    }

    static func pair(_ text: String) -> (String, String) {
        guard let equals = text.firstIndex(of: "=") else { return (text, "") }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
}

extension [String] {
    /// What Docker's flags of several values take: repeated, or with commas.
    var commaSeparated: [String] {
        flatMap { $0.split(separator: ",").map { String($0) } }
    }
}
