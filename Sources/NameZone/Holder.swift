import NetworkModel

/// An endpoint as those who look up one of its names need it.
struct Holder: Hashable, Sendable {
    let endpoint: EndpointID
    let node: NodeID
    let sandbox: SandboxID
    /// As the user wrote it.
    let name: EndpointName
    /// At most one each; kept as arrays because that is what an answer hands out, without a copy.
    let v4: [IPAddress]
    let v6: [IPAddress]

    init(_ record: EndpointRecord) {
        endpoint = record.id
        node = record.node
        sandbox = record.sandbox
        name = record.name
        v4 = record.addresses.filter { $0.family == .v4 }
        v6 = record.addresses.filter { $0.family == .v6 }
    }

    func addresses(_ family: IPFamily) -> [IPAddress] { family == .v4 ? v4 : v6 }
}

/// The holders of each key, in the order of their endpoints' ids, so that the order in which records came leaves no trace.
struct HolderIndex<Key: Hashable & Sendable>: Hashable, Sendable {
    private var holders: [Key: [Holder]] = [:]

    subscript(key: Key) -> [Holder]? { holders[key] }

    mutating func insert(_ holder: Holder, at key: Key) {
        let place = position(of: holder.endpoint, at: key)
        if let known = holders[key], place < known.count, known[place].endpoint == holder.endpoint { return }
        holders[key, default: []].insert(holder, at: place)
    }

    mutating func remove(_ endpoint: EndpointID, at key: Key) {
        let place = position(of: endpoint, at: key)
        guard let known = holders[key], place < known.count, known[place].endpoint == endpoint else { return }
        if known.count == 1 {
            holders[key] = nil
        } else {
            holders[key]?.remove(at: place)
        }
    }

    /// Where an endpoint is or belongs: binary search, since an alias may be shared by thousands.
    private func position(of endpoint: EndpointID, at key: Key) -> Int {
        guard let known = holders[key] else { return 0 }
        var range = 0..<known.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = known[middle].endpoint < endpoint ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}
