import ClusterStore
public import NetworkModel

/// What was freed.
public struct RepairReport: Hashable, Sendable {
    public var endpoints = 0
    public var sandboxes = 0
    public var requests = 0
    /// Claims without an owner: addresses, names, index entries, pools, VNIs.
    public var claims = 0
    /// Networks whose removal was finished or undone.
    public var networks = 0

    public init() {}

    public var isEmpty: Bool { self == RepairReport() }
}

extension ClusterCatalog {
    /// Frees what a dead node held: its endpoints with their names and addresses, its sandboxes and the requests to it. This is also
    /// how a node is removed by hand.
    ///
    /// Every transaction compares that the node has no record, so a node that returns meanwhile keeps what is left.
    /// - Throws: ``CatalogError/Code/nodeAlive`` if it has a record, before or in between.
    public func reapNode(_ node: NodeID) async throws(CatalogError) -> RepairReport {
        if let entry = try await get(CatalogKeys.node(node)) { throw try Self.isAlive(entry) }
        var report = RepairReport()
        var backoff = Backoff()
        while true {
            let held = try await holdings(of: node)
            if held.isEmpty { return report }
            if try await reap(held, of: node, &report) { continue }
            try await pause(&backoff, before: "reap node \(node.short)")
        }
    }

    /// Nodes without a record that still hold something: what the reaper looks after once their grace is over.
    public func deadNodes() async throws(CatalogError) -> Set<NodeID> {
        let snapshot = try await list(CatalogKeys.nodes, CatalogKeys.nodeEndpoints, CatalogKeys.sandboxes)
        var alive: Set<NodeID> = []
        var holding: Set<NodeID> = []
        for entry in snapshot.entries {
            guard let node = NodeID(lenient: entry.key.segments.dropFirst().first ?? "") else { continue }
            if entry.key.hasPrefix(CatalogKeys.nodes) { alive.insert(node) } else { holding.insert(node) }
        }
        return holding.subtracting(alive)
    }

    private func holdings(of node: NodeID) async throws(CatalogError) -> Holdings {
        let index = try await list(
            CatalogKeys.nodeEndpoints(node), CatalogKeys.sandboxes(on: node), CatalogKeys.requests(for: node))
        let endpoints = try await endpoints(on: node)
        let indexed = Set(endpoints.map { CatalogKeys.nodeEndpoint($0.record.id, on: node) })
        return Holdings(endpoints: endpoints, others: index.entries.map(\.key).filter { !indexed.contains($0) })
    }

    /// Frees all of it; false as soon as a race is lost.
    private func reap(_ held: Holdings, of node: NodeID, _ report: inout RepairReport) async throws(CatalogError) -> Bool {
        for batch in held.endpoints.batches(of: TransactionBound.endpoints) {
            let deletions = batch.flatMap(\.record.keys).map { StoreOperation.delete($0) }
            guard try await commitWithout(node, batch.map(\.compare), deletions) else { return false }
            report.endpoints += batch.count
        }
        for batch in held.others.batches(of: TransactionBound.keys) {
            guard try await commitWithout(node, batch.map { .present($0) }, batch.map { .delete($0) }) else { return false }
            for key in batch { report.count(key) }
        }
        return true
    }

    private func commitWithout(
        _ node: NodeID, _ compares: [StoreCompare], _ deletions: [StoreOperation]
    ) async throws(CatalogError) -> Bool {
        let key = CatalogKeys.node(node)
        switch try await commit(StoreTransaction([.absent(key)] + compares, then: deletions)) {
        case .committed: return true
        case .unknown: return false
        case .conflict(let existing):
            guard let entry = existing[key] else { return false }
            throw try Self.isAlive(entry)
        }
    }

    private static func isAlive(_ entry: StoreEntry) throws(CatalogError) -> CatalogError {
        let node = try RecordCoding.decode(NodeRecord.self, from: entry)
        return CatalogError(.nodeAlive, "node \(node.id.short) is alive on host \(node.hostname): stop its worker first, then remove it")
    }
}

/// What a node holds.
private struct Holdings {
    let endpoints: [CatalogEntry<EndpointRecord>]
    /// Sandboxes, requests, and index entries without an endpoint.
    let others: [StoreKey]

    var isEmpty: Bool { endpoints.isEmpty && others.isEmpty }
}

extension RepairReport {
    mutating func count(_ key: StoreKey) {
        if key.hasPrefix(CatalogKeys.sandboxes) {
            sandboxes += 1
        } else if key.hasPrefix(CatalogKeys.requests) {
            requests += 1
        } else {
            claims += 1
        }
    }
}

extension Array {
    func batches(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
