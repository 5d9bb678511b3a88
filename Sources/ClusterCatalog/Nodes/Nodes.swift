public import ClusterStore
public import NetworkModel

extension ClusterCatalog {
    /// Grants a lease, such as the one that holds a node's record.
    /// - Parameter ttl: how long it lives after each renewal; stores may round it up to whole seconds.
    public func grantLease(lasting ttl: Duration) async throws(CatalogError) -> LeaseID {
        do {
            return try await store.grantLease(lasting: ttl)
        } catch {
            throw CatalogError(error)
        }
    }

    /// Makes a node known, or publishes its changed record: held by the lease, so that it goes when its worker does.
    ///
    /// A record of an earlier life of the same worker (same VTEP, no later epoch) is replaced at once, so that a worker that was
    /// killed need not wait for its old lease. Any other holder is alive: a copied state directory on another host, or a host
    /// whose VTEP has changed while its old lease still runs.
    /// - Throws: ``CatalogError/Code/nodeTaken`` naming the holder, ``CatalogError/Code/fenced`` for an earlier epoch.
    public func join(_ node: NodeRecord, holding lease: LeaseID) async throws(CatalogError) -> NodeClaim {
        let key = CatalogKeys.node(node.id)
        let put = try RecordCoding.put(node, at: key, lease: lease)
        var backoff = Backoff()
        while true {
            let existing = try await get(key)
            if let existing {
                let holder = try RecordCoding.decode(NodeRecord.self, from: existing)
                if holder == node, existing.lease == lease { return claim(node, existing.modified, lease) }
                try checkSuccession(from: holder, heldBy: existing.lease, to: node, holding: lease)
            }
            let compare: StoreCompare = existing.map { .unchanged(key, since: $0.modified) } ?? .absent(key)
            if case .committed(let revision) = try await commit(StoreTransaction([compare], then: [put])) {
                return claim(node, revision, lease)
            }
            try await pause(&backoff, before: "join as node \(node.id.short)")
        }
    }

    private func claim(_ node: NodeRecord, _ revision: StoreRevision, _ lease: LeaseID) -> NodeClaim {
        NodeClaim(node: node.id, epoch: node.epoch, revision: revision, lease: lease)
    }

    private func checkSuccession(
        from holder: NodeRecord, heldBy holderLease: LeaseID?, to node: NodeRecord, holding lease: LeaseID
    ) throws(CatalogError) {
        guard holder.epoch <= node.epoch else {
            throw CatalogError(
                .fenced, "node \(node.id.short) is served by a later life of its worker (epoch \(holder.epoch), and this is \(node.epoch))")
        }
        guard holder.vtep == node.vtep || holderLease == lease else {
            throw CatalogError(
                .nodeTaken,
                "node id \(node.id.short) is in use by host \(holder.hostname) at \(holder.vtep): if this host is a copy of that one, give "
                    + "it an empty state directory; if it is that one with a new address, wait until the old lease has ended")
        }
    }

    /// After a write of this node whose answer was lost: sees to it that it is not carried out from now on.
    ///
    /// A request may lie in a queue or a socket's buffer long after its sender has given up, and be carried out when what it claims has been
    /// released again. It compares the node's record, so the record is written once more, as it is.
    /// - Returns: the claim that goes with the record as it is now.
    /// - Throws: ``CatalogError/Code/fenced`` when the claim has ended.
    func outdate(_ claim: NodeClaim) async throws(CatalogError) -> NodeClaim {
        guard let revision = claim.revision else { return claim }
        let key = CatalogKeys.node(claim.node)
        var backoff = Backoff()
        while true {
            let entry = try await get(key)
            let current = try claim.renewed(from: entry.map { [key: $0] } ?? [:])
            guard let entry, current.revision == revision else { return current }
            let put = StoreOperation.put(key, entry.value, lease: entry.lease)
            if case .committed(let revision) = try await commit(StoreTransaction(claim.compares, then: [put])) {
                return NodeClaim(node: claim.node, epoch: claim.epoch, revision: revision, lease: entry.lease)
            }
            try await pause(&backoff, before: "write as node \(claim.node.short)")
        }
    }

    /// Takes the node's record away. What it holds stays until it returns or is reaped.
    public func leave(_ claim: NodeClaim) async throws(CatalogError) {
        let key = CatalogKeys.node(claim.node)
        var backoff = Backoff()
        var claim = claim
        while claim.revision != nil {
            switch try await commit(StoreTransaction(claim.compares, then: [.delete(key)])) {
            case .committed: return
            case .conflict(let existing):
                guard existing[key] != nil else { return }
                claim = try claim.renewed(from: existing)
            case .unknown:
                guard let entry = try await get(key) else { return }
                claim = try claim.renewed(from: [key: entry])
            }
            try await pause(&backoff, before: "leave as node \(claim.node.short)")
        }
    }

    /// The nodes whose workers are alive, in the order of their ids.
    public func nodes() async throws(CatalogError) -> [CatalogEntry<NodeRecord>] {
        try await entries(CatalogKeys.nodes)
    }

    /// Finds a live node by its whole id, its hostname, or a prefix of its id.
    /// - Throws: ``CatalogError/Code/nodeNotFound`` or ``CatalogError/Code/ambiguous``, as several nodes may have one hostname.
    public func node(matching term: String) async throws(CatalogError) -> CatalogEntry<NodeRecord> {
        let match = Match(term, what: "node", orThrow: CatalogError(.nodeNotFound, "node \(term) not found"))
        return try match.find(in: try await nodes(), id: \.record.id.rawValue, name: \.record.hostname)
    }
}
