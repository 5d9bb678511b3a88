import ClusterStore

/// The prefix of all of Skein's keys in a Consul that others use too, and what Consul's keys and entries are below it.
struct ConsulRoot: Sendable {
    /// Empty, or ends in a slash.
    private let prefix: String

    /// - Parameter root: a path; slashes at its ends do not count.
    init(_ root: String) {
        prefix = root.split(separator: "/", omittingEmptySubsequences: true).map { $0 + "/" }.joined()
    }

    func name(of key: StoreKey) -> String { prefix + key.path }

    /// What a transaction that only deletes writes besides, since Consul tells the index of nothing else. No ``StoreKey`` of a catalog
    /// begins with a dot.
    var revisionKey: String { prefix + ".revision" }

    /// Nil for the key that is Skein's own mark.
    func entry(_ entry: ConsulEntry) -> StoreEntry? {
        guard entry.key != revisionKey else { return nil }
        return StoreEntry(
            key: StoreKey(path: String(decoding: entry.key.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)),
            value: entry.value.map { [UInt8]($0) } ?? [], created: StoreRevision(Int64(clamping: entry.createIndex)),
            modified: StoreRevision(Int64(clamping: entry.modifyIndex)), lease: entry.session.flatMap { $0.isEmpty ? nil : LeaseID($0) })
    }

    /// In the order of their keys.
    func entries(_ entries: [ConsulEntry]) -> [StoreEntry] {
        let entries = entries.compactMap(entry)
        let isInOrder = zip(entries, entries.dropFirst()).allSatisfy { $0.key < $1.key }
        return isInOrder ? entries : entries.sorted { $0.key < $1.key }
    }
}

/// What everything below some prefixes is listed by.
struct ListPlan: Hashable, Sendable {
    /// As given, in order, none below another.
    let wanted: [StoreKey]
    /// Prefixes that cover the wanted ones and fit one transaction, which alone shows one revision.
    let asked: [StoreKey]

    init(_ prefixes: [StoreKey]) {
        wanted = StoreKey.disjoint(prefixes)
        asked = Self.covering(wanted, most: ConsulLimits.operations)
    }

    func wants(_ key: StoreKey) -> Bool { asked == wanted || wanted.contains { key.hasPrefix($0) } }

    /// The longest ancestors that are few enough.
    private static func covering(_ prefixes: [StoreKey], most: Int) -> [StoreKey] {
        guard prefixes.count > most else { return prefixes }
        var depth = prefixes.map { $0.path.split(separator: "/").count }.max() ?? 0
        while depth > 1 {
            depth -= 1
            let ancestors = StoreKey.disjoint(prefixes.map { ancestor(of: $0, depth) })
            if ancestors.count <= most { return ancestors }
        }
        return [StoreKey(path: "")]
    }

    private static func ancestor(of key: StoreKey, _ depth: Int) -> StoreKey {
        let segments = key.path.split(separator: "/")
        guard segments.count > depth else { return key }
        return StoreKey(path: segments.prefix(depth).map { $0 + "/" }.joined())
    }
}
