import NetworkModel

/// `--filter name=value`, in the form of Docker's API.
enum FilterFlags {
    /// The query's item; none without filters.
    static func query(_ texts: [String]) throws(CommandFault) -> [(String, String)] {
        guard !texts.isEmpty else { return [] }
        var filters: [String: [String: TemplateValue]] = [:]
        for text in texts {
            guard text.contains("=") else {
                throw CommandFault(.invalid, "invalid filter \"\(text)\": it must be like name=value")
            }
            let (name, value) = KeyValues.pair(text)
            filters[name.lowercased().filter { $0 != " " }, default: [:]][value] = .bool(true)
        }
        return [("filters", TemplateValue.map(filters.mapValues { .map($0) }).json)]
    }
}
