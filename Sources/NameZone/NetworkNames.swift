import NetworkModel

/// The names and addresses of one network.
struct NetworkNames: Hashable, Sendable {
    /// What of the network's record names depend on; nil until the record is known.
    private(set) var record: Facts?
    /// Whether all endpoints of the network have been read, so that an absent name can be told from one not read yet.
    var isInSync = false
    private(set) var endpoints: [EndpointID: EndpointRecord] = [:]
    private var names = HolderIndex<String>()
    private var addresses = HolderIndex<IPAddress>()

    struct Facts: Hashable, Sendable {
        let name: String
        /// The folded name, or nil when DNS could not carry it as a suffix (an empty label, or one over 63 bytes).
        let suffix: String?
        let subnets: [Subnet]
        let isInternal: Bool

        init(_ record: NetworkRecord) {
            name = record.name
            suffix = FoldedName.isDomainName(record.name) ? FoldedName.fold(record.name) : nil
            subnets = record.subnets.map(\.pool)
            isInternal = record.isInternal
        }
    }

    /// Nothing is known, and nothing was promised.
    var isEmpty: Bool { record == nil && endpoints.isEmpty && !isInSync }

    mutating func setRecord(_ new: NetworkRecord?) {
        record = new.map(Facts.init)
    }

    mutating func put(_ endpoint: EndpointRecord, runtimeID: String?) {
        let holder = Holder(endpoint)
        endpoints[endpoint.id] = endpoint
        for name in Self.names(of: endpoint, runtimeID: runtimeID) { names.insert(holder, at: name) }
        for address in endpoint.addresses { addresses.insert(holder, at: address) }
    }

    mutating func remove(_ id: EndpointID, runtimeID: String?) {
        guard let endpoint = endpoints.removeValue(forKey: id) else { return }
        for name in Self.names(of: endpoint, runtimeID: runtimeID) { names.remove(id, at: name) }
        for address in endpoint.addresses { addresses.remove(id, at: address) }
    }

    /// Who has a folded name in this network, dead or alive: asked by itself or with the network's name behind it.
    func holders(of name: String) -> [Holder]? {
        if let plain = names[name] { return plain }
        guard let suffix = record?.suffix, let prefix = FoldedName.prefix(of: name, before: suffix) else { return nil }
        return names[prefix]
    }

    /// Where a link leads that has a folded name: asked by itself or with the network's name behind it.
    func target(of name: String, in links: [String: String]) -> String? {
        if let target = links[name] { return target }
        guard let suffix = record?.suffix, let prefix = FoldedName.prefix(of: name, before: suffix) else { return nil }
        return links[prefix]
    }

    func holders(of address: IPAddress) -> [Holder]? { addresses[address] }

    func contains(_ address: IPAddress) -> Bool {
        record?.subnets.contains { $0.contains(address) } ?? false
    }

    /// Whether a folded name lies below the network's own.
    func covers(_ name: String) -> Bool {
        record?.suffix.map { FoldedName.prefix(of: name, before: $0) != nil } ?? false
    }

    /// Every folded name of an endpoint. Container runtimes shorten ids to 12 digits, and Docker resolves those.
    private static func names(of endpoint: EndpointRecord, runtimeID: String?) -> Set<String> {
        var result: Set<String> = [endpoint.name.folded, endpoint.sandbox.short]
        for alias in endpoint.aliases { result.insert(alias.folded) }
        if let runtimeID, !runtimeID.isEmpty { result.insert(FoldedName.fold(String(runtimeID.prefix(12)))) }
        return result
    }
}
