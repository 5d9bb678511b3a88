public import ClusterStore
public import NetworkModel

/// An address that is this node's, for an endpoint that it is about to make.
public struct ReservedAddress: Hashable, Sendable {
    public let address: IPAddress
    /// What wrote the reservation: given to the attach (``AttachRequest/reservations``), it costs one transaction.
    public let revision: StoreRevision

    public init(_ address: IPAddress, revision: StoreRevision) {
        self.address = address
        self.revision = revision
    }
}

/// A reservation on its way.
struct ReserveAttempt {
    let id: ReservationID
    /// Endpoints of this node that the caller knows to be dead.
    let dead: [CatalogEntry<EndpointRecord>]
    var allocation: AllocationAttempt
    /// An address that an earlier round may have reserved: its answer was lost, so it is tried again before any other.
    var uncertain: IPAddress?

    init(
        _ id: ReservationID, in network: CatalogEntry<NetworkRecord>, as claim: NodeClaim, choice: AddressChoice,
        succeeding dead: [CatalogEntry<EndpointRecord>]
    ) {
        self.id = id
        self.dead = dead
        allocation = AllocationAttempt(in: network, as: claim, choice: choice, sandbox: nil, isForEngine: true)
        // Of one that is gone by the time, the address may be free.
        allocation.choice.preferred += dead.flatMap(\.record.addresses)
        for endpoint in dead { allocation.evict(endpoint) }
    }

    /// The one transaction of a reservation. It is held by the node's lease, so that it goes with the node or with an earlier life.
    func transaction(for address: IPAddress) throws(CatalogError) -> StoreTransaction {
        let key = CatalogKeys.address(address, of: allocation.network.record.id)
        let claim = allocation.claim
        let put = try RecordCoding.put(AddressRecord.reserved(claim.node, claim.epoch, id), at: key, lease: claim.lease)
        return StoreTransaction(allocation.compares(claiming: [address]), then: [put] + allocation.evictions(besides: [key]))
    }

    func isOwn(_ entry: StoreEntry) -> Bool {
        guard case .reserved(_, _, id) = try? RecordCoding.decode(AddressRecord.self, from: entry) else { return false }
        return true
    }
}
