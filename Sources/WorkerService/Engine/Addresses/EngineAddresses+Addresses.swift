import ClusterCatalog
import DaemonKit
import DriverAPI
import NetworkModel

extension EngineAddresses {
    func address(for request: AddressRequest) async throws -> IPAddress {
        let mirror = view.global.mirror
        await mirror.synchronised()
        try Task.checkCancellation()
        if let network = await recorded(request.pool) { return try await address(for: request, on: network) }
        if request.isGateway { return try grants.gateway(request.address, of: request.pool, until: now() + terms.grant) }
        if let address = request.address, grants.isForNetwork(request.pool) {
            try grants.reserve(address, of: request.pool)
            return address
        }
        // An endpoint's: the network is being recorded.
        let pool = request.pool.pool
        let found = try await withDeadline(limit.patience, on: view.clock) { await mirror.network { Self.has(pool, $0) } }
        guard let network = found ?? nil else {
            try Task.checkCancellation()
            throw DaemonError(
                .unavailable,
                "pool \(pool) is not one of the cluster's networks' yet: this host's skein-worker has not been able to record the network; see its "
                    + "log, and try again")
        }
        return try await address(for: request, on: network)
    }

    private func recorded(_ id: PoolID) async -> CatalogEntry<NetworkRecord>? {
        await view.global.mirror.networks.first { Self.has(id.pool, $0.record) }
    }

    private static func has(_ pool: Subnet, _ network: NetworkRecord) -> Bool { network.subnets.contains { $0.pool == pool } }

    private func address(for request: AddressRequest, on network: CatalogEntry<NetworkRecord>) async throws -> IPAddress {
        guard let subnet = network.record.subnets.first(where: { $0.pool == request.pool.pool }) else {
            throw DaemonError(.notFound, "network \(network.record.name) has no subnet \(request.pool.pool)")
        }
        if request.isGateway { return try gateway(request.address, of: subnet, on: network.record) }
        if let address = request.address, subnet.auxiliary.values.contains(address) { return address }
        return try await reserve(request, in: subnet, of: network)
    }

    private func gateway(_ wanted: IPAddress?, of subnet: SubnetRecord, on network: NetworkRecord) throws(DaemonError) -> IPAddress {
        guard let gateway = subnet.gateway else {
            throw DaemonError(.invalid, "subnet \(subnet.pool) of network \(network.name) has no gateway")
        }
        guard wanted == nil || wanted == gateway else {
            throw DaemonError(
                .invalid, "the gateway of network \(network.name) is \(gateway) on every host, and cannot be \(wanted ?? gateway) here")
        }
        return gateway
    }

    // MARK: Endpoints

    private func reserve(
        _ request: AddressRequest, in subnet: SubnetRecord, of network: CatalogEntry<NetworkRecord>
    ) async throws -> IPAddress {
        let (mirror, catalog, id) = (view.global.mirror, view.global.catalog, network.record.id)
        let claim = try await view.global.claim()
        await catchUp()
        let asker = FreedAddresses.Asker(
            name: request.endpointName, isEngineStarting: !doesEngineAnswer, habits: await view.journal.habits)
        let choice = freed.choice(in: subnet, of: id, for: asker, at: now())
        let spared = reservations.addresses(of: id).union(choice.avoided)
        var generator = RandomnessGenerator(randomness)
        let reservation = ReservationID(random: &generator)
        let reserved: ReservedAddress
        do {
            reserved = try await mirror.withEndpoints(of: id) {
                var known = await mirror.knownAddresses(of: id)
                known?.formUnion(spared)
                return try await catalog.reserveAddress(
                    request.address, in: subnet, of: network, as: claim, knowing: known, preferring: choice.preferred, id: reservation)
            }
        } catch {
            if !error.saysThatNothingWasDone { doubtful[reservation] = id }
            throw error
        }
        reservations.add(reserved, of: id, until: now() + terms.reservation)
        return reserved.address
    }

    // MARK: What nobody took

    /// Frees what was reserved and not taken.
    func tidy() async {
        for (address, reservation) in reservations.ended(at: now()) {
            do {
                try await free(address, reservation)
            } catch {
                return
            }
        }
        for (id, network) in doubtful {
            guard let claim = try? await view.expectStore() else { return }
            do {
                try await view.global.catalog.releaseReservation(id, of: network, as: claim)
                doubtful[id] = nil
            } catch {
                return
            }
        }
    }

    func free(_ address: IPAddress, _ reservation: AddressReservations.Reservation) async throws {
        let claim = try await view.expectStore()
        try await view.global.catalog.releaseReservation(
            address, of: reservation.network, as: claim, madeAt: reservation.revision)
        if reservations[address]?.revision == reservation.revision { reservations.remove(address) }
    }
}

extension Error {
    /// Whether it is certain that the store holds nothing of what failed: it was refused, and not given up.
    var saysThatNothingWasDone: Bool {
        switch (self as? CatalogError)?.code {
        case nil, .store, .contention, .undecodable: false
        default: true
        }
    }
}
