public import NetworkModel

/// What the kernel of one node should hold, computed from the view alone: records in, plans out.
///
/// Pure. Taking a change costs a few dictionary entries, however many endpoints there are; plans are computed when they are asked for.
public struct DesiredState: Hashable, Sendable {
    public let node: NodeID
    let vxlanPort: UInt16
    /// This node's own record: the last one known. That its lease was lost changes nothing in this kernel.
    private(set) var own: NodeRecord?
    /// The nodes that have a record.
    private(set) var vteps: [NodeID: IPAddress] = [:]
    private(set) var networks: [NetworkID: NetworkView] = [:]
    private(set) var sandboxes: [SandboxID: SandboxRecord] = [:]
    /// Which endpoints this node's sandboxes have.
    private(set) var memberships: [SandboxID: Set<Membership>] = [:]

    struct Membership: Hashable, Sendable {
        let network: NetworkID
        let endpoint: EndpointID
    }

    public init(node: NodeID, vxlanPort: UInt16) {
        self.node = node
        self.vxlanPort = vxlanPort
    }

    /// Takes changes of records, in any order.
    /// - Returns: which plans may be different now.
    public mutating func apply(_ changes: [ViewChange]) -> Touched {
        var touched = Touched()
        var run = EntryRun()
        for change in changes {
            switch change {
            case .node(let id, let record): if id == node { setOwn(record, &touched) } else { setNode(record, id, &touched) }
            case .network(let id, let record): setNetwork(record, id, &touched)
            case .endpoint(let network, let id, let record):
                run.turn(to: network, &touched)
                setEndpoint(record, id, of: network, &run.entries, &touched)
            case .sandbox(let id, let record): setSandbox(record, id, &touched)
            }
        }
        run.end(&touched)
        return touched
    }

    /// The entries of one network after the other: many endpoints that change at once are mostly of one.
    private struct EntryRun {
        private var network: NetworkID?
        var entries = TouchedEntries()

        mutating func turn(to next: NetworkID, _ touched: inout Touched) {
            guard network != next else { return }
            end(&touched)
            network = next
        }

        mutating func end(_ touched: inout Touched) {
            if let network { touched.entries[network, default: TouchedEntries()].merge(entries) }
            network = nil
            entries = TouchedEntries()
        }
    }

    // MARK: One change

    private mutating func setOwn(_ record: NodeRecord?, _ touched: inout Touched) {
        guard let record, record != own else { return }
        let isSame = own?.vtep == record.vtep && own?.underlayMTU == record.underlayMTU
        own = record
        if !isSame { for id in networks.keys { touchNetwork(id, &touched) } }
    }

    private mutating func setNode(_ record: NodeRecord?, _ id: NodeID, _ touched: inout Touched) {
        let vtep = record?.vtep
        guard vteps[id] != vtep else { return }
        vteps[id] = vtep
        for (network, view) in networks {
            var entries = view.entries(of: id)
            guard !entries.macs.isEmpty else { continue }
            entries.participants = true
            touched.entries[network, default: TouchedEntries()].merge(entries)
        }
    }

    private mutating func setNetwork(_ record: NetworkRecord?, _ id: NetworkID, _ touched: inout Touched) {
        networks[id, default: NetworkView()].record = record
        touchNetwork(id, &touched)
        forgetIfEmpty(id)
    }

    /// Everything of a network, with the sandboxes that are on it.
    private func touchNetwork(_ id: NetworkID, _ touched: inout Touched) {
        touched.networks.insert(id)
        guard let local = networks[id]?.local, !local.isEmpty else { return }
        touched.attachments[id, default: []].formUnion(local.keys)
        touched.sandboxes.formUnion(local.values.map(\.sandbox))
    }

    private mutating func setEndpoint(
        _ new: EndpointRecord?, _ id: EndpointID, of network: NetworkID, _ entries: inout TouchedEntries, _ touched: inout Touched
    ) {
        let isLocal = new?.node == node
        let old = networks[network, default: NetworkView()].replace(id, with: new, isLocal: isLocal, &entries)
        if old == nil || !isLocal { entries.participants = true }
        if old != nil || isLocal { setMembership(from: old, to: isLocal ? new : nil, of: network, &touched) }
        if new == nil { forgetIfEmpty(network) }
    }

    private mutating func setMembership(
        from old: EndpointRecord?, to new: EndpointRecord?, of network: NetworkID, _ touched: inout Touched
    ) {
        if let old { leave(old.sandbox, Membership(network: network, endpoint: old.id)) }
        if let new { memberships[new.sandbox, default: []].insert(Membership(network: network, endpoint: new.id)) }
        let count = networks[network]?.local.count ?? 0
        // The first to come and the last to go decide whether the network is here.
        if old == nil && count == 1 || new == nil && count == 0 { touched.networks.insert(network) }
        for endpoint in [old, new].compactMap(\.self) {
            touched.attachments[network, default: []].insert(endpoint.id)
            touched.sandboxes.insert(endpoint.sandbox)
        }
    }

    private mutating func leave(_ sandbox: SandboxID, _ membership: Membership) {
        memberships[sandbox]?.remove(membership)
        if memberships[sandbox]?.isEmpty == true { memberships[sandbox] = nil }
    }

    private mutating func setSandbox(_ record: SandboxRecord?, _ id: SandboxID, _ touched: inout Touched) {
        guard record == nil || record?.node == node else { return }
        sandboxes[id] = record
        touched.sandboxes.insert(id)
        for membership in memberships[id] ?? [] { touched.attachments[membership.network, default: []].insert(membership.endpoint) }
    }

    private mutating func forgetIfEmpty(_ network: NetworkID) {
        if networks[network]?.isEmpty == true { networks[network] = nil }
    }
}
