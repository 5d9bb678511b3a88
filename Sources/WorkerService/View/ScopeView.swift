import ClusterCatalog
import ClusterStore
import NetworkModel

/// The records of one store that a node needs, as far as they are known: pure, fed by watches and by this process's own commits.
struct ScopeView: Sendable {
    /// A prefix that is watched.
    enum Source: Hashable, Sendable {
        case nodes
        case networks
        /// This node's own sandboxes.
        case sandboxes(NodeID)
        /// The index of this node's own endpoints, which says in which networks it takes part.
        case ownEndpoints(NodeID)
        case endpoints(NetworkID)

        var prefix: StoreKey {
            switch self {
            case .nodes: CatalogKeys.nodes
            case .networks: CatalogKeys.networks
            case .sandboxes(let node): CatalogKeys.sandboxes(on: node)
            case .ownEndpoints(let node): CatalogKeys.nodeEndpoints(node)
            case .endpoints(let network): CatalogKeys.endpoints(of: network)
            }
        }
    }

    private let node: NodeID
    private(set) var nodes: MirroredPrefix<NodeID, NodeRecord>
    private(set) var networks: MirroredPrefix<NetworkID, NetworkRecord>
    private(set) var sandboxes: MirroredPrefix<SandboxID, SandboxRecord>
    private(set) var ownEndpoints: MirroredPrefix<EndpointID, NetworkID>
    private(set) var endpoints: [NetworkID: NetworkEndpoints] = [:]
    private let refuse: @Sendable (CatalogError) -> Void

    /// - Parameters:
    ///   - node: this node.
    ///   - refuse: is told of a value that this version cannot read.
    init(of node: NodeID, refuse: @escaping @Sendable (CatalogError) -> Void) {
        self.node = node
        self.refuse = refuse
        nodes = .of(refuse)
        networks = .of(refuse)
        sandboxes = .of(refuse)
        ownEndpoints = .of(refuse)
    }

    /// Whether every prefix, with the endpoints of every network that the node takes part in, has been seen once.
    var isInSync: Bool {
        nodes.isInSync && networks.isInSync && sandboxes.isInSync && ownEndpoints.isInSync
            && participation.allSatisfy { endpoints[$0]?.mirror.isInSync ?? false }
    }

    /// The networks that this node has an endpoint in.
    var participation: Set<NetworkID> { Set(ownEndpoints.records.values.map(\.record)) }

    /// Begins to keep a network's endpoints.
    mutating func open(_ network: NetworkID) {
        if endpoints[network] == nil { endpoints[network] = NetworkEndpoints(mirror: .of(refuse)) }
    }

    /// Forgets a network's endpoints.
    mutating func close(_ network: NetworkID) -> [ViewChange] {
        let forgotten = endpoints.removeValue(forKey: network)
        return forgotten?.mirror.records.keys.map { .endpoint(network, $0, nil) } ?? []
    }

    /// - Parameter rule: which losses are believed at once.
    mutating func take(_ event: WatchEvent, of source: Source, under rule: LossRule) -> [ViewChange] {
        switch source {
        case .nodes:
            // After a store that was away all leases end at once, this node's own perhaps a moment later.
            return nodes.take(event) { _ in rule.believesLossOfOwn }.map { .node($0.id, $0.record) }
        case .networks:
            let (known, own) = (networks.records.count, participation)
            return networks.take(event) { lost in rule.believes(lost.count, of: known, isOwn: lost.contains { own.contains($0.id) }) }
                .map { .network($0.id, $0.record) }
        case .sandboxes: return sandboxes.take(event) { _ in rule.believesLossOfOwn }.map { .sandbox($0.id, $0.record) }
        case .ownEndpoints:
            _ = ownEndpoints.take(event) { _ in rule.believesLossOfOwn }
            return []
        case .endpoints(let network):
            let known = endpoints[network]?.mirror.records.count ?? 0
            return update(network) { [node] mirror in
                mirror.take(event) { lost in rule.believes(lost.count, of: known, isOwn: lost.contains { $0.record.node == node }) }
            }
        }
    }

    // MARK: What is missing

    /// What the store has lost by its own word.
    struct Missing: Sendable {
        var nodes: Set<NodeID> = []
        var networks: Set<NetworkID> = []
        var sandboxes: Set<SandboxID> = []
        /// By the index or by their own records, with their networks.
        var ownEndpoints: [EndpointID: NetworkID] = [:]
        var otherEndpoints: [NetworkID: Set<EndpointID>] = [:]

        /// The prefixes below which something is missing, and those of what it belongs to: the watch of the networks may not have noticed yet
        /// that they went with the endpoints.
        func sources(of node: NodeID) -> [Source] {
            (nodes.isEmpty ? [] : [.nodes]) + (networks.isEmpty && ownEndpoints.isEmpty ? [] : [.networks])
                + (sandboxes.isEmpty ? [] : [.sandboxes(node)])
                + (ownEndpoints.isEmpty ? [] : [.ownEndpoints(node)])
                + Set(otherEndpoints.keys).union(ownEndpoints.values).map { .endpoints($0) }
        }

        /// Whether it is nothing but other nodes, such as may have died.
        func isOnlyNodes(besides own: NodeID) -> Bool {
            !nodes.contains(own) && networks.isEmpty && sandboxes.isEmpty && ownEndpoints.isEmpty && otherEndpoints.isEmpty
        }

        var isEmpty: Bool {
            nodes.isEmpty && networks.isEmpty && sandboxes.isEmpty && ownEndpoints.isEmpty && otherEndpoints.isEmpty
        }
    }

    var missing: Missing {
        var missing = Missing(nodes: nodes.missing, networks: networks.missing, sandboxes: sandboxes.missing)
        for id in ownEndpoints.missing { missing.ownEndpoints[id] = ownEndpoints.records[id]?.record }
        for (network, view) in endpoints {
            for id in view.mirror.missing {
                if view.mirror.records[id]?.record.node == node {
                    missing.ownEndpoints[id] = network
                } else {
                    missing.otherEndpoints[network, default: []].insert(id)
                }
            }
        }
        return missing
    }

    /// What was missing is gone.
    mutating func believe(_ missing: Missing) -> [ViewChange] {
        var changes: [ViewChange] = nodes.believe(missing.nodes).map { .node($0.id, $0.record) }
        _ = ownEndpoints.believe(missing.ownEndpoints.keys)
        for (id, network) in missing.ownEndpoints { changes += update(network) { $0.believe([id]) } }
        for (network, ids) in missing.otherEndpoints { changes += update(network) { $0.believe(ids) } }
        changes += networks.believe(missing.networks).map { .network($0.id, $0.record) }
        return changes + sandboxes.believe(missing.sandboxes).map { .sandbox($0.id, $0.record) }
    }

    private mutating func update(
        _ network: NetworkID, _ body: (inout MirroredPrefix<EndpointID, EndpointRecord>) -> [NetworkEndpoints.Change]
    ) -> [ViewChange] {
        endpoints[network]?.update(body).map { .endpoint(network, $0.id, $0.record) } ?? []
    }

    // MARK: This process's own commits

    mutating func commit(_ endpoint: CatalogEntry<EndpointRecord>) -> [ViewChange] {
        let record = endpoint.record
        // A claim that it took over from another of this node's went in the same transaction, with all of that endpoint.
        let evicted = ownEndpoints.records.filter { $0.value.record == record.network && $0.key != record.id }.keys
            .compactMap { endpoints[record.network]?.mirror.records[$0] }
            .filter { $0.revision < endpoint.revision && $0.record.sharesClaim(with: record) }
        let changes = evicted.flatMap { commitDetach(of: $0.record, at: endpoint.revision) }
        _ = ownEndpoints.commit(record.network, of: record.id, at: endpoint.revision)
        return changes + update(record.network) { $0.commit(record, of: record.id, at: endpoint.revision) }
    }

    /// - Parameter revision: at which the endpoint was deleted, if it is known.
    mutating func commitDetach(of endpoint: EndpointRecord, at revision: StoreRevision?) -> [ViewChange] {
        _ = ownEndpoints.commitDeletion(of: endpoint.id, at: revision)
        return update(endpoint.network) { $0.commitDeletion(of: endpoint.id, at: revision) }
    }

    /// Endpoints, and their sandbox, may have been deleted by this process: the store did not say.
    mutating func giveUp(_ lost: [EndpointRecord], and sandbox: SandboxID? = nil) {
        for endpoint in lost {
            ownEndpoints.giveUp(endpoint.id)
            _ = update(endpoint.network) { mirror in
                mirror.giveUp(endpoint.id)
                return []
            }
        }
        if let sandbox { sandboxes.giveUp(sandbox) }
    }

    mutating func commit(_ node: CatalogEntry<NodeRecord>) -> [ViewChange] {
        nodes.commit(node.record, of: node.record.id, at: node.revision).map { .node($0.id, $0.record) }
    }

    mutating func commit(_ network: CatalogEntry<NetworkRecord>) -> [ViewChange] {
        networks.commit(network.record, of: network.record.id, at: network.revision).map { .network($0.id, $0.record) }
    }

    mutating func commit(_ sandbox: CatalogEntry<SandboxRecord>) -> [ViewChange] {
        sandboxes.commit(sandbox.record, of: sandbox.record.id, at: sandbox.revision).map { .sandbox($0.id, $0.record) }
    }

    /// - Parameter revision: at which the sandbox was deleted, if it is known.
    mutating func commitRemoval(of sandbox: SandboxID, at revision: StoreRevision?) -> [ViewChange] {
        sandboxes.commitDeletion(of: sandbox, at: revision).map { .sandbox($0.id, $0.record) }
    }
}

extension EndpointRecord {
    /// Whether both cannot be there at once.
    fileprivate func sharesClaim(with other: EndpointRecord) -> Bool {
        name.folded == other.name.folded || addresses.contains(where: other.addresses.contains)
    }
}

extension MirroredPrefix {
    /// A mirror of records whose id is the last segment of their key.
    fileprivate static func of<Subject>(_ refuse: @escaping @Sendable (CatalogError) -> Void) -> Self where ID == Identifier<Subject> {
        MirroredPrefix(parse: { $0.lastSegment.flatMap { try? Identifier<Subject>($0) } }, refuse: refuse)
    }
}
