public import ClusterStore
public import NetworkModel

/// What lets a worker write endpoints: its node record, as this life of it wrote it.
///
/// Every transaction that it is given to compares the record, so a worker that has lost its lease, or that a later life has
/// followed, can change nothing any more.
public struct NodeClaim: Hashable, Sendable {
    public let node: NodeID
    public let epoch: Epoch
    /// The revision that last wrote the node record; nil in a store that one node keeps for itself, where nothing is compared.
    public let revision: StoreRevision?
    /// The lease that holds the record.
    public let lease: LeaseID?

    init(node: NodeID, epoch: Epoch, revision: StoreRevision, lease: LeaseID?) {
        self.node = node
        self.epoch = epoch
        self.revision = revision
        self.lease = lease
    }

    /// The claim to a store that no other node writes to.
    public init(local node: NodeID, epoch: Epoch) {
        self.node = node
        self.epoch = epoch
        self.revision = nil
        self.lease = nil
    }

    /// The claim as the node's record has it by now, if the same life wrote it later than is known: what costs a round otherwise.
    public func following(_ node: CatalogEntry<NodeRecord>?) -> NodeClaim {
        guard let revision, let node, node.record.id == self.node, node.record.epoch == epoch, node.revision > revision else { return self }
        return NodeClaim(node: self.node, epoch: epoch, revision: node.revision, lease: lease)
    }

    var compares: [StoreCompare] {
        revision.map { [.unchanged(CatalogKeys.node(node), since: $0)] } ?? []
    }

    /// The claim after a conflict: the same when the node record was not in the way, newer when this life wrote it again.
    /// - Throws: ``CatalogError/Code/fenced`` when the claim has ended.
    func renewed(from existing: [StoreKey: StoreEntry]) throws(CatalogError) -> NodeClaim {
        guard let revision else { return self }
        guard let entry = existing[CatalogKeys.node(node)] else {
            throw CatalogError(
                .fenced, "node \(node.short) has left the cluster or lost its lease: it can write nothing until it joins again")
        }
        guard entry.modified != revision else { return self }
        let record = try RecordCoding.decode(NodeRecord.self, from: entry)
        guard record.epoch == epoch else {
            throw CatalogError(
                .fenced, "node \(node.short) is served by another life of its worker (epoch \(record.epoch), and this is \(epoch))")
        }
        return NodeClaim(node: node, epoch: epoch, revision: entry.modified, lease: entry.lease)
    }
}
