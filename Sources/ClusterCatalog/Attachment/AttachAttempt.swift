import ClusterStore
import NetworkModel

/// One attach on its way: what it has learnt from the rounds it lost.
struct AttachAttempt {
    let request: AttachRequest
    var network: CatalogEntry<NetworkRecord>
    var claim: NodeClaim
    var choice: AddressChoice
    /// Endpoints that this attach takes the place of: dead ones of this node, or of the same sandbox.
    private(set) var evicted: [CatalogEntry<EndpointRecord>] = []
    /// In how many rounds the network was found marked as being removed.
    private var roundsMarked = 0
    /// How many such rounds to go through: a quarter of a second of back-off, on average.
    private static let patience = 10

    init(_ request: AttachRequest, network: CatalogEntry<NetworkRecord>, claim: NodeClaim, known: KnownAddresses) {
        self.request = request
        self.network = network
        self.claim = claim
        self.choice = AddressChoice(network: network.record, chosen: request.attachment.addresses, known: known)
    }

    /// Takes over the network's record as it is now.
    /// - Throws: ``CatalogError/Code/networkNotFound``; ``CatalogError/Code/networkRemoving`` when it stays marked: a remover decides
    ///   in a moment, and of one that died the audit undoes the mark.
    mutating func follow(_ entry: StoreEntry?) throws(CatalogError) {
        guard let entry else { throw ClusterCatalog.notFound(network.record.name) }
        guard entry.modified != network.revision || network.record.state == .removing else { return }
        network = try CatalogEntry(entry)
        choice.network = network.record
        guard network.record.state == .removing else { return }
        roundsMarked += 1
        guard roundsMarked < Self.patience else {
            throw CatalogError(.networkRemoving, "network \(network.record.name) is being removed")
        }
    }

    mutating func evict(_ endpoint: CatalogEntry<EndpointRecord>) {
        evicted.removeAll { $0.record.id == endpoint.record.id }
        evicted.append(endpoint)
        choice.inherited = Set(evicted.flatMap(\.record.addresses))
    }

    mutating func forgetEvicted() {
        evicted = []
        choice.inherited = []
    }

    /// Whether an endpoint in the way may be taken over: this node's own from an earlier life, or the same sandbox's (lesson 2).
    func maySucceed(_ endpoint: EndpointRecord) -> Bool {
        endpoint.node == claim.node && (endpoint.epoch < claim.epoch || endpoint.sandbox == request.sandbox)
    }

    func endpoint(_ randomness: any Randomness) throws(CatalogError) -> EndpointRecord {
        let addresses = try choice.pick(randomness)
        var generator = RandomnessGenerator(randomness)
        let mac = request.attachment.mac ?? addresses.lazy.compactMap(MACAddress.init(of:)).first ?? MACAddress(random: &generator)
        return EndpointRecord(
            id: request.endpoint, network: network.record.id, name: request.name, aliases: request.attachment.aliases,
            addresses: addresses, mac: mac, node: claim.node, epoch: claim.epoch, sandbox: request.sandbox,
            interface: request.interface, options: request.attachment.options)
    }

    /// The one transaction of an attach.
    func transaction(for endpoint: EndpointRecord) throws(CatalogError) -> StoreTransaction {
        let record = CatalogKeys.endpoint(endpoint.id, of: endpoint.network)
        var puts = [try RecordCoding.put(endpoint, at: record)]
        puts.append(try RecordCoding.put(endpoint.id, at: CatalogKeys.name(endpoint.name, of: endpoint.network)))
        puts.append(try RecordCoding.put(endpoint.network, at: CatalogKeys.nodeEndpoint(endpoint.id, on: endpoint.node)))
        for address in endpoint.addresses {
            puts.append(try RecordCoding.put(AddressRecord.endpoint(endpoint.id), at: CatalogKeys.address(address, of: endpoint.network)))
        }
        // What an evicted endpoint holds need not be absent: its record being unchanged says that it still holds all of it.
        let held = Set(evicted.flatMap { $0.record.claims })
        let compares: [StoreCompare] =
            [.unchanged(CatalogKeys.network(endpoint.network), since: network.revision), .absent(record)] + claim.compares
            + endpoint.claims.filter { !held.contains($0) }.map { .absent($0) } + evicted.map(\.compare)
        let written = Set(endpoint.keys)
        let deletions = evicted.flatMap(\.record.keys).filter { !written.contains($0) }.map { StoreOperation.delete($0) }
        return StoreTransaction(compares, then: puts + deletions)
    }
}

extension EndpointRecord {
    /// The keys that nobody else may hold: its name and its addresses.
    var claims: [StoreKey] {
        [CatalogKeys.name(name, of: network)] + addresses.map { CatalogKeys.address($0, of: network) }
    }

    /// All keys of an endpoint: they are written and deleted together.
    var keys: [StoreKey] {
        [CatalogKeys.endpoint(id, of: network), CatalogKeys.nodeEndpoint(id, on: node)] + claims
    }
}

extension CatalogEntry<EndpointRecord> {
    /// The endpoint is as it was read, and so are its claims.
    var compare: StoreCompare { .unchanged(CatalogKeys.endpoint(record.id, of: record.network), since: revision) }
}
