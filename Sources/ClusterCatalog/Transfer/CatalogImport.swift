import ClusterStore
import NetworkModel

/// Puts an archive below an empty root, so that it is there as a whole or cannot be taken for a catalog.
///
/// It may be interrupted at any point and run again: what is there already is compared and kept. Every write compares that the mark is still
/// this import's own.
public struct CatalogImport: Sendable {
    /// What was done.
    public struct Report: Hashable, Sendable {
        /// Keys that were written.
        public var written = 0
        /// Keys that an interrupted import had written before.
        public var found = 0
        /// Nodes whose records are held for their workers to come.
        public var nodes = 0
        /// What a lease held in the old store and nobody holds here: requests, reservations.
        public var left = 0
    }

    let archive: CatalogArchive
    let catalog: ClusterCatalog
    /// How long the records of nodes are held for workers that have not joined again.
    let patience: Duration
    private let mark: ImportMark

    public init(_ archive: CatalogArchive, into catalog: ClusterCatalog, holdingNodesFor patience: Duration) {
        self.archive = archive
        self.catalog = catalog
        self.patience = patience
        mark = ImportMark(archive)
    }

    /// - Parameter isReplacing: whether what is below the root is removed first; a cluster that is alive there is not.
    /// - Throws: ``CatalogError/Code/invalid`` if the root is not empty, or holds what is not the archive's; a store's error, after which the
    ///   same import can be run again.
    public func run(replacing isReplacing: Bool) async throws(CatalogError) -> Report {
        guard let format = archive.entries.first(where: { $0.key == CatalogKeys.format }) else {
            throw CatalogError(.invalid, "the export has no key \"format\": it is none of a whole cluster")
        }
        try ClusterCatalog.checkFormat(
            StoreEntry(key: format.key, value: format.value, created: .zero, modified: .zero))
        let guarded = try await begin(isReplacing)
        var report = Report()
        report.left = archive.entries.count { $0.isLeased && !$0.isNode }
        try await write(archive.entries.filter { !$0.isLeased && $0.key != CatalogKeys.format }, guarded, &report)
        try await hold(archive.entries.filter(\.isNode), guarded, &report)
        try await commit(guarded, [.put(format.key, format.value)], "finish the import")
        report.written += 1
        return report
    }

    // MARK: Beginning

    /// Marks the root as this import's.
    /// - Returns: what each write compares.
    private func begin(_ isReplacing: Bool) async throws(CatalogError) -> StoreCompare {
        let snapshot = try await catalog.list(StoreKey(path: ""))
        let format = snapshot.entries.first { $0.key == CatalogKeys.format }
        let present = format.flatMap { ImportMark($0) }
        if present != mark {
            try checkIsFree(snapshot, present, isReplacing)
            let compare: StoreCompare = format.map { .unchanged($0.key, since: $0.modified) } ?? .absent(CatalogKeys.format)
            let put = try RecordCoding.put(mark, at: CatalogKeys.format)
            guard case .committed = try await catalog.commit(StoreTransaction([compare], then: [put])) else {
                throw busy("begin the import")
            }
        }
        guard let own = try await catalog.get(CatalogKeys.format), ImportMark(own) == mark else { throw busy("begin the import") }
        let guarded = StoreCompare.unchanged(own.key, since: own.modified)
        if present != mark {
            for batch in snapshot.entries.filter({ $0.key != own.key }).batches(of: TransactionBound.keys) {
                try await commit(guarded, batch.map { .delete($0.key) }, "remove what was there")
            }
        }
        return guarded
    }

    private func checkIsFree(_ snapshot: StoreSnapshot, _ present: ImportMark?, _ isReplacing: Bool) throws(CatalogError) {
        guard !snapshot.entries.isEmpty else { return }
        let location = catalog.store.location
        guard isReplacing else {
            let unfinished = present.map { "an import from \($0.importing) was begun in \(location) and not finished: run that one again" }
            let what = unfinished ?? "\(location) is not empty, it holds \(snapshot.entries.count) keys: import below another path"
            throw CatalogError(.invalid, what + ", or remove what is there with --force")
        }
        let nodes = snapshot.entries.filter { $0.key.hasPrefix(CatalogKeys.nodes) }
        guard nodes.isEmpty || present != nil else {
            throw CatalogError(
                .invalid, "\(nodes.count) nodes are alive in \(location): stop their workers before their cluster is removed")
        }
    }

    // MARK: Writing

    /// Writes what is missing until a list shows everything as it should be.
    private func write(
        _ entries: [CatalogArchive.Entry], _ guarded: StoreCompare, _ report: inout Report
    ) async throws(CatalogError) {
        var backoff = Backoff()
        var isFirst = true
        while true {
            let missing = try await missing(of: entries)
            if isFirst { report.found = entries.count - missing.count }
            isFirst = false
            report.written = entries.count - report.found - missing.count
            guard !missing.isEmpty else { return }
            if try await writeOnce(missing, guarded) { continue }
            try await catalog.pause(&backoff, before: "import into \(catalog.store.location)")
        }
    }

    /// - Returns: false when it must be looked at what is there: an answer was lost, or somebody else writes.
    private func writeOnce(_ entries: [CatalogArchive.Entry], _ guarded: StoreCompare) async throws(CatalogError) -> Bool {
        for batch in Self.batches(of: entries) {
            let transaction = StoreTransaction(
                [guarded] + batch.map { .absent($0.key) }, then: batch.map { .put($0.key, $0.value) })
            switch try await catalog.commit(transaction) {
            case .committed: continue
            case .conflict(let existing):
                guard let own = existing[CatalogKeys.format], ImportMark(own) == mark else { throw busy("import") }
                return false
            case .unknown: return false
            }
        }
        return true
    }

    /// What is not there yet.
    /// - Throws: ``CatalogError/Code/invalid`` if something is there that the archive does not have.
    private func missing(of entries: [CatalogArchive.Entry]) async throws(CatalogError) -> [CatalogArchive.Entry] {
        let present = try await catalog.list(StoreKey(path: "")).entries
        let values = Dictionary(present.map { ($0.key, $0.value) }, uniquingKeysWith: { _, last in last })
        let known = Set(archive.entries.map(\.key))
        let changed = entries.first { entry in values[entry.key].map { $0 != entry.value } ?? false }
        if let stranger = present.first(where: { !known.contains($0.key) })?.key ?? changed?.key {
            throw CatalogError(.invalid, "somebody else writes to \(catalog.store.location): the key \(stranger) is not as in the export")
        }
        return entries.filter { values[$0.key] == nil }
    }

    /// Nodes' records are held by a lease of nobody's: their workers take them over when they join, and those that do not come are dead when it
    /// ends.
    private func hold(_ nodes: [CatalogArchive.Entry], _ guarded: StoreCompare, _ report: inout Report) async throws(CatalogError) {
        guard !nodes.isEmpty else { return }
        let lease = try await catalog.grantLease(lasting: patience)
        for batch in Self.batches(of: nodes) {
            try await commit(guarded, batch.map { .put($0.key, $0.value, lease: lease) }, "hold the nodes' records")
        }
        report.nodes = nodes.count
        report.written += nodes.count
    }

    /// Commits what may be committed twice.
    private func commit(
        _ guarded: StoreCompare, _ operations: [StoreOperation], _ what: String
    ) async throws(CatalogError) {
        var backoff = Backoff()
        while true {
            switch try await catalog.commit(StoreTransaction([guarded], then: operations)) {
            case .committed: return
            case .conflict(let existing):
                // The last write of all takes the mark away: an answer that was lost was a yes.
                guard let format = existing[CatalogKeys.format], operations == [.put(format.key, format.value)] else { throw busy(what) }
                return
            case .unknown: try await catalog.pause(&backoff, before: what)
            }
        }
    }

    private func busy(_ what: String) -> CatalogError {
        CatalogError(.invalid, "could not \(what): somebody else has written to \(catalog.store.location) meanwhile")
    }

    /// The most bytes of keys and values in a transaction: Consul takes 512 KiB, and values grow by a third on their way (base64).
    private static let mostBytes = 256 << 10

    /// Portions that every store takes: two operations a key, and few bytes, unless one key alone has many.
    static func batches(of entries: [CatalogArchive.Entry]) -> [ArraySlice<CatalogArchive.Entry>] {
        var batches: [ArraySlice<CatalogArchive.Entry>] = []
        var (start, bytes) = (0, 0)
        for (index, entry) in entries.enumerated() {
            let size = entry.key.path.utf8.count + entry.value.count
            if index > start, index - start == TransactionBound.keys || bytes + size > mostBytes {
                batches.append(entries[start..<index])
                (start, bytes) = (index, 0)
            }
            bytes += size
        }
        if start < entries.count { batches.append(entries[start...]) }
        return batches
    }
}

extension CatalogArchive.Entry {
    /// Whether it is the record of a node that was alive.
    fileprivate var isNode: Bool { isLeased && key.hasPrefix(CatalogKeys.nodes) }
}
