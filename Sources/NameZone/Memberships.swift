import NetworkModel

/// Which networks each sandbox of this node is on, in the order of its interfaces.
struct Memberships: Hashable, Sendable {
    private var entries: [SandboxID: [Entry]] = [:]

    struct Entry: Hashable, Sendable {
        let network: NetworkID
        let endpoint: EndpointID
        let interface: String
        /// What this endpoint alone calls others of its network, folded on both sides.
        let links: [String: String]

        init(_ record: EndpointRecord) {
            network = record.network
            endpoint = record.id
            interface = record.interface
            links = Dictionary(
                record.links.map { (FoldedName.fold($0.key), $0.value.folded) }, uniquingKeysWith: min)
        }

        /// `eth2` before `eth10`; the ids only make the order total.
        func precedes(_ other: Entry) -> Bool {
            (interface.utf8.count, interface, network, endpoint)
                < (other.interface.utf8.count, other.interface, other.network, other.endpoint)
        }
    }

    subscript(sandbox: SandboxID) -> [Entry] { entries[sandbox] ?? [] }

    mutating func insert(_ endpoint: EndpointRecord) {
        let entry = Entry(endpoint)
        var known = self[endpoint.sandbox]
        let place = known.firstIndex { entry.precedes($0) } ?? known.endIndex
        known.insert(entry, at: place)
        entries[endpoint.sandbox] = known
    }

    mutating func remove(_ endpoint: EndpointRecord) {
        let left = self[endpoint.sandbox].filter { $0.endpoint != endpoint.id }
        entries[endpoint.sandbox] = left.isEmpty ? nil : left
    }
}
