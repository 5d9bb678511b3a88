import ClusterCatalog
import ClusterStore
import NetworkModel

/// Addresses that an engine was given and that no endpoint has taken yet.
///
/// By the address alone a reservation is found, as the pools of a cluster never overlap.
struct AddressReservations {
    struct Reservation: Hashable {
        let network: NetworkID
        /// What the store told it with.
        let revision: StoreRevision
        /// When it is freed unless an endpoint has taken it.
        var ends: Duration
    }

    private var reservations: [IPAddress: Reservation] = [:]

    subscript(_ address: IPAddress) -> Reservation? { reservations[address] }

    var isEmpty: Bool { reservations.isEmpty }

    /// What is reserved on a network: an endpoint's address is looked for among the others.
    func addresses(of network: NetworkID) -> Set<IPAddress> {
        Set(reservations.lazy.filter { $0.value.network == network }.map(\.key))
    }

    typealias Revisions = [IPAddress: StoreRevision]

    func revisions(of addresses: [IPAddress], on network: NetworkID) -> Revisions {
        Dictionary(
            uniqueKeysWithValues: Set(addresses).compactMap { address in
                reservations[address].flatMap { $0.network == network ? (address, $0.revision) : nil }
            })
    }

    mutating func add(_ address: ReservedAddress, of network: NetworkID, until end: Duration) {
        reservations[address.address] = Reservation(network: network, revision: address.revision, ends: end)
    }

    /// An endpoint has taken it, or it was freed.
    mutating func remove(_ address: IPAddress) { reservations[address] = nil }

    /// Has it freed with the next look.
    mutating func end(_ address: IPAddress) { reservations[address]?.ends = .zero }

    func ended(at now: Duration) -> [(address: IPAddress, reservation: Reservation)] {
        reservations.filter { $0.value.ends <= now }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
