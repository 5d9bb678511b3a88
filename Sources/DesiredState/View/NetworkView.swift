import NetworkModel

/// What is known of one network: its record, its endpoints, and who has which address and MAC.
struct NetworkView: Hashable, Sendable {
    /// As much of another node's endpoint as its entries need.
    struct RemoteEndpoint: Hashable, Sendable {
        let addresses: [IPAddress]
        let mac: MACAddress
        let node: NodeID
    }

    var record: NetworkRecord?
    private(set) var local: [EndpointID: EndpointRecord] = [:]
    private(set) var remote: [EndpointID: RemoteEndpoint] = [:]
    private(set) var addresses = Claims<IPAddress>()
    private(set) var macs = Claims<MACAddress>()
    /// How many endpoints other nodes have.
    private(set) var participants: [NodeID: Int] = [:]

    var isEmpty: Bool { record == nil && local.isEmpty && remote.isEmpty }

    /// Replaces an endpoint, or takes it away.
    /// - Returns: what this node had of it.
    mutating func replace(
        _ id: EndpointID, with new: EndpointRecord?, isLocal: Bool, _ touched: inout TouchedEntries
    ) -> EndpointRecord? {
        let oldLocal = local.isEmpty ? nil : local.removeValue(forKey: id)
        let oldRemote = replaceRemote(id, with: isLocal ? nil : new)
        if let oldLocal { release(oldLocal.addresses, oldLocal.mac, of: id, &touched) }
        if let oldRemote { release(oldRemote.addresses, oldRemote.mac, of: id, &touched) }
        if let new {
            if isLocal { local[id] = new }
            for address in new.addresses { addresses.insert(id, for: address) }
            macs.insert(id, for: new.mac)
            touched.add(new.addresses, new.mac)
        }
        return oldLocal
    }

    private mutating func replaceRemote(_ id: EndpointID, with new: EndpointRecord?) -> RemoteEndpoint? {
        let old: RemoteEndpoint?
        if let new {
            old = remote.updateValue(RemoteEndpoint(addresses: new.addresses, mac: new.mac, node: new.node), forKey: id)
            participants[new.node, default: 0] += 1
        } else {
            old = remote.isEmpty ? nil : remote.removeValue(forKey: id)
        }
        guard let old else { return nil }
        let left = participants[old.node, default: 0] - 1
        participants[old.node] = left > 0 ? left : nil
        return old
    }

    private mutating func release(_ gone: [IPAddress], _ mac: MACAddress, of id: EndpointID, _ touched: inout TouchedEntries) {
        for address in gone { addresses.remove(id, for: address) }
        macs.remove(id, for: mac)
        touched.add(gone, mac)
    }

    /// The entries of the endpoints that a node has here.
    func entries(of node: NodeID) -> TouchedEntries {
        var touched = TouchedEntries()
        guard participants[node] != nil else { return touched }
        for endpoint in remote.values where endpoint.node == node {
            touched.addresses += endpoint.addresses
            touched.macs.append(endpoint.mac)
        }
        return touched
    }

    var allEntries: TouchedEntries { TouchedEntries(addresses: addresses.keys, macs: macs.keys) }
}

/// Where an endpoint is.
enum Place: Hashable, Sendable {
    case here
    /// Behind a VTEP.
    case behind(IPAddress)
    /// On a node without a record.
    case unknown
}

extension NetworkView {
    /// Who has an address, or a MAC.
    struct Holder {
        let mac: MACAddress
        let place: Place
    }

    func holder(of address: IPAddress, _ vteps: inout KnownVTEPs) -> Holder? {
        winner(addresses.holder(of: address), addresses.rivals(for: address), &vteps)
    }

    func holder(of mac: MACAddress, _ vteps: inout KnownVTEPs) -> Holder? {
        winner(macs.holder(of: mac), macs.rivals(for: mac), &vteps)
    }

    /// Of several one of this node, else one that can be reached, else the greatest id.
    private func winner(_ only: EndpointID?, _ rivals: Set<EndpointID>, _ vteps: inout KnownVTEPs) -> Holder? {
        if let only { return holder(only, &vteps) }
        var ranked: [Holder] = []
        for rival in rivals.sorted(by: >) { if let holder = holder(rival, &vteps) { ranked.append(holder) } }
        return ranked.first { $0.place == .here } ?? ranked.first { $0.place != .unknown } ?? ranked.first
    }

    private func holder(_ id: EndpointID, _ vteps: inout KnownVTEPs) -> Holder? {
        if let endpoint = remote[id] { return Holder(mac: endpoint.mac, place: vteps.place(of: endpoint.node)) }
        return local[id].map { Holder(mac: $0.mac, place: .here) }
    }
}

/// The VTEPs of the nodes that have a record. Many that ask one after the other mean the same node.
struct KnownVTEPs {
    private let vteps: [NodeID: IPAddress]
    private var last: (node: NodeID, place: Place)?

    init(_ vteps: [NodeID: IPAddress]) {
        self.vteps = vteps
    }

    mutating func place(of node: NodeID) -> Place {
        if let last, last.node == node { return last.place }
        let place = vteps[node].map { Place.behind($0) } ?? .unknown
        last = (node, place)
        return place
    }
}
