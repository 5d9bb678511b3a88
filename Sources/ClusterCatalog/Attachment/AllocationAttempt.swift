import ClusterStore
import NetworkModel

/// An attach or a reservation on its way: what it has learnt from the rounds it lost.
struct AllocationAttempt {
    var network: CatalogEntry<NetworkRecord>
    var claim: NodeClaim
    var choice: AddressChoice
    /// The sandbox that it is for; nil when that is not known yet.
    let sandbox: SandboxID?
    /// Whether a container engine asks, whose addresses are reserved before they are used.
    let isForEngine: Bool
    /// Endpoints that this one takes the place of: dead ones of this node, or of the same sandbox.
    private(set) var evicted: [CatalogEntry<EndpointRecord>] = []
    /// Why nobody knows whether an earlier round did it all; nil once a later one has told.
    private(set) var lost: CatalogError?
    /// In how many rounds the network was found marked as being removed.
    private var roundsMarked = 0
    /// How many such rounds to go through: a quarter of a second of back-off, on average.
    private static let patience = 10

    init(in network: CatalogEntry<NetworkRecord>, as claim: NodeClaim, choice: AddressChoice, sandbox: SandboxID?, isForEngine: Bool) {
        self.network = network
        self.claim = claim
        self.choice = choice
        self.sandbox = sandbox
        self.isForEngine = isForEngine
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

    /// Notes how a round's transaction ended.
    mutating func note(_ outcome: TransactionOutcome) {
        if case .unknown(let error) = outcome { lost = CatalogError(error) } else { lost = nil }
    }

    /// What the caller is told when a round ends in an error: that it was not done only if that is so.
    func verdict(_ error: CatalogError) -> CatalogError { lost ?? error }

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
        endpoint.node == claim.node && (endpoint.epoch < claim.epoch || endpoint.sandbox == sandbox)
    }

    /// Whether a reservation in the way may be taken over: this node's own, by whom it was made for or from an earlier life.
    func maySucceed(reservationOf node: NodeID, _ epoch: Epoch) -> Bool {
        node == claim.node && (isForEngine || epoch < claim.epoch)
    }

    /// What must be as this attempt believes: the network, the node, who is evicted, and that the addresses are to be had.
    func compares(claiming addresses: [IPAddress]) -> [StoreCompare] {
        let id = network.record.id
        let held = heldByEvicted
        let free = addresses.compactMap { address -> StoreCompare? in
            let key = CatalogKeys.address(address, of: id)
            if held.contains(key) { return nil }
            return choice.reservations[address].map { .unchanged(key, since: $0) } ?? .absent(key)
        }
        return [.unchanged(CatalogKeys.network(id), since: network.revision)] + claim.compares + free + evicted.map(\.compare)
    }

    /// What an evicted endpoint holds need not be absent: its record being unchanged says that it still holds all of it.
    var heldByEvicted: Set<StoreKey> { Set(evicted.flatMap(\.record.claims)) }

    /// Deletes what the evicted hold, but for the keys that are written in the same transaction.
    func evictions(besides written: @autoclosure () -> [StoreKey]) -> [StoreOperation] {
        guard !evicted.isEmpty else { return [] }
        let written = Set(written())
        return evicted.flatMap(\.record.keys).filter { !written.contains($0) }.map { .delete($0) }
    }
}
