public import NetworkModel

/// The names of every network this node takes part in, kept up from the same changes as the forwarding plan.
///
/// Pure: records in, answers out. The end state depends on the records alone and not on the order in which they came.
public struct NameZone: Hashable, Sendable {
    /// The node whose sandboxes ask.
    let node: NodeID
    /// The nodes that have a record: endpoints of any other node are not answered (lesson 7).
    private(set) var nodes: Set<NodeID> = []
    private(set) var networks: [NetworkID: NetworkNames] = [:]
    private(set) var memberships = Memberships()
    /// What its runtime calls a sandbox of this node.
    private var runtimeIDs: [SandboxID: String] = [:]

    public init(node: NodeID) {
        self.node = node
    }

    /// Takes changes of records, in any order; each costs a few dictionary entries, however many endpoints there are.
    public mutating func apply(_ changes: [ViewChange]) {
        for change in changes { apply(change) }
    }

    /// Says whether all endpoints of a network have been read. Until then a name that is not found is ``NameAnswer/unknown``.
    public mutating func setInSync(_ isInSync: Bool, _ network: NetworkID) {
        update(network) { $0.isInSync = isInSync }
    }

    private mutating func apply(_ change: ViewChange) {
        switch change {
        case .node(let id, .some): nodes.insert(id)
        case .node(let id, nil): nodes.remove(id)
        case .network(let id, let record): update(id) { $0.setRecord(record) }
        case .endpoint(let network, let id, let record): replace(id, of: network, with: record)
        case .sandbox(let id, let record): setRuntimeID(record?.runtimeID, of: id)
        }
    }

    private mutating func replace(_ id: EndpointID, of network: NetworkID, with new: EndpointRecord?) {
        if let old = networks[network]?.endpoints[id] {
            let runtimeID = runtimeID(of: old)
            update(network) { $0.remove(id, runtimeID: runtimeID) }
            if old.node == node { memberships.remove(old) }
        }
        guard let new else { return }
        let runtimeID = runtimeID(of: new)
        update(network) { $0.put(new, runtimeID: runtimeID) }
        if new.node == node { memberships.insert(new) }
    }

    /// Only this node's sandboxes are known by their runtimes' ids: an endpoint that has moved away is not.
    private func runtimeID(of endpoint: EndpointRecord) -> String? {
        endpoint.node == node ? runtimeIDs[endpoint.sandbox] : nil
    }

    /// A sandbox's record may come after its endpoints: they are entered again under the new name.
    private mutating func setRuntimeID(_ new: String?, of sandbox: SandboxID) {
        let old = runtimeIDs[sandbox]
        guard old != new else { return }
        runtimeIDs[sandbox] = new
        for member in memberships[sandbox] {
            update(member.network) { names in
                guard let endpoint = names.endpoints[member.endpoint] else { return }
                names.remove(endpoint.id, runtimeID: old)
                names.put(endpoint, runtimeID: new)
            }
        }
    }

    private mutating func update(_ network: NetworkID, _ body: (inout NetworkNames) -> Void) {
        body(&networks[network, default: NetworkNames()])
        if networks[network]?.isEmpty == true { networks[network] = nil }
    }
}
