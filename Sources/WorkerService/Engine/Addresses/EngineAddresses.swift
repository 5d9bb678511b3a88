import ClusterCatalog
import DaemonKit
import DriverAPI
import Logging
import NetworkModel

/// Docker's IPAM driver: pools and addresses of the cluster's networks for the engine of this host.
///
/// The record of a network holds its pools, gateways and auxiliary addresses, so those are answered without the store. What an engine asks
/// for on the way to a network that is not recorded yet is remembered here. An endpoint's address is reserved in the store, since other
/// engines choose at the same time (lesson 4); the endpoint takes it over when it is made.
actor EngineAddresses: IPAMDriverBackend {
    /// How long what nobody claims is kept.
    struct Terms: Sendable {
        var grant = Duration.seconds(60)
        var reservation = Duration.seconds(30)
    }

    let view: EngineView
    let limit: CallLimit
    let randomness: any Randomness
    let terms: Terms
    let logger: Logger
    let now: @Sendable () -> Duration
    var grants = PoolGrants()
    var reservations = AddressReservations()
    var freed = FreedAddresses()
    private(set) var doesEngineAnswer = false
    /// Removes what is due to be removed, for as long as an address may wait.
    let catchUp: @Sendable () async -> Void
    /// Reservations of which it is not known whether they were made, as the answer was lost.
    var doubtful: [ReservationID: NetworkID] = [:]

    init(
        view: EngineView, limit: CallLimit, randomness: any Randomness, terms: Terms = Terms(), logger: Logger,
        catchUp: @escaping @Sendable () async -> Void
    ) {
        self.view = view
        self.limit = limit
        self.randomness = randomness
        self.terms = terms
        self.logger = logger
        self.catchUp = catchUp
        now = view.clock.stopwatch()
    }

    // MARK: The driver

    func requestPool(_ request: PoolRequest) async throws -> GrantedPool {
        try await limit.run("a pool") { try await self.pool(for: request) }
    }

    func releasePool(_ pool: PoolID) {
        grants.take(back: pool)
    }

    func requestAddress(_ request: AddressRequest) async throws -> IPAddress {
        try await limit.run("an address of pool \(request.pool.pool)") { try await self.address(for: request) }
    }

    /// Detaching an endpoint has freed its address already; a reservation that none took is freed now, or as soon as the store answers.
    func releaseAddress(_ address: IPAddress, of pool: PoolID) async {
        grants.release(address, of: pool)
        guard let reservation = reservations[address] else { return }
        reservations.end(address)
        try? await limit.run("a release") { try await self.free(address, reservation) }
    }

    // MARK: What the network driver tells

    /// The engine has made a network: whatever it asks for now is for endpoints.
    func networkIsMade(_ network: EngineNetwork) {
        for subnet in network.subnets { grants.networkIsMade(subnet.pool) }
    }

    /// What was reserved for an endpoint that is about to be made.
    func reservations(of addresses: [IPAddress], on network: NetworkID) -> AddressReservations.Revisions {
        reservations.revisions(of: addresses, on: network)
    }

    func endpointIsMade(_ endpoint: EndpointRecord) {
        for address in endpoint.addresses {
            reservations.remove(address)
            freed.remove(address, of: endpoint.network)
        }
    }

    func endpointIsGone(_ endpoint: EndpointRecord) {
        freed.add(endpoint, at: now())
    }

    // MARK: What the engine tells

    func take(_ news: EngineNews) {
        switch news {
        case .answers(let doesAnswer): doesEngineAnswer = doesAnswer
        case .removed(let container): freed.forget(container)
        }
    }
}
