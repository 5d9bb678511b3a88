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

    mutating func put(_ endpoint: EndpointRecord, isLocal: Bool) -> TouchedEntries {
        if isLocal {
            local[endpoint.id] = endpoint
        } else {
            remote[endpoint.id] = RemoteEndpoint(addresses: endpoint.addresses, mac: endpoint.mac, node: endpoint.node)
            participants[endpoint.node, default: 0] += 1
        }
        for address in endpoint.addresses { addresses.insert(endpoint.id, for: address) }
        macs.insert(endpoint.id, for: endpoint.mac)
        return TouchedEntries(addresses: endpoint.addresses, macs: [endpoint.mac])
    }

    mutating func remove(_ id: EndpointID) -> TouchedEntries {
        let gone: (addresses: [IPAddress], mac: MACAddress)
        if let endpoint = local.removeValue(forKey: id) {
            gone = (endpoint.addresses, endpoint.mac)
        } else if let endpoint = remote.removeValue(forKey: id) {
            gone = (endpoint.addresses, endpoint.mac)
            let left = participants[endpoint.node, default: 0] - 1
            participants[endpoint.node] = left > 0 ? left : nil
        } else {
            return TouchedEntries()
        }
        for address in gone.addresses { addresses.remove(id, for: address) }
        macs.remove(id, for: gone.mac)
        return TouchedEntries(addresses: gone.addresses, macs: [gone.mac])
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
    /// Who has an address, or a MAC: of several claimants one of this node, else one that can be reached, else the greatest id.
    func winner(of claimants: [EndpointID], vteps: [NodeID: IPAddress]) -> (mac: MACAddress, place: Place)? {
        guard claimants.count > 1 else { return claimants.first.flatMap { holder($0, vteps: vteps) } }
        let ranked = claimants.sorted(by: >).compactMap { holder($0, vteps: vteps) }
        return ranked.first { $0.place == .here } ?? ranked.first { $0.place != .unknown } ?? ranked.first
    }

    private func holder(_ id: EndpointID, vteps: [NodeID: IPAddress]) -> (mac: MACAddress, place: Place)? {
        if let endpoint = remote[id] { return (endpoint.mac, vteps[endpoint.node].map { .behind($0) } ?? .unknown) }
        return local[id].map { ($0.mac, .here) }
    }
}
