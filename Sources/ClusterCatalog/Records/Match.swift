/// Docker's lookup order: the whole id, else the whole name, else a prefix of the id that no other has.
struct Match {
    let term: String
    /// What is looked for, for messages.
    let what: String
    let absence: CatalogError

    init(_ term: String, what: String, orThrow absence: CatalogError) {
        self.term = term
        self.what = what
        self.absence = absence
    }

    func find<Item>(in items: [Item], id: (Item) -> String, name: (Item) -> String) throws(CatalogError) -> Item {
        if let item = items.first(where: { id($0) == term }) { return item }
        if let item = try single(items.filter { name($0) == term }, by: "name") { return item }
        let isPrefix = { (item: Item) in !term.isEmpty && id(item).hasPrefix(term) }
        if let item = try single(items.filter(isPrefix), by: "ID prefix") { return item }
        throw absence
    }

    private func single<Item>(_ matches: [Item], by criterion: String) throws(CatalogError) -> Item? {
        guard matches.count < 2 else {
            throw CatalogError(.ambiguous, "\(what) \(term) is ambiguous (\(matches.count) matches found based on \(criterion))")
        }
        return matches.first
    }
}
