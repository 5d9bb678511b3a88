import ClusterCatalog
import ClusterStore
import HistoryCheck
import NetworkModel
import TestSupport

/// Endpoints: of sandboxes, and of containers whose addresses are reserved before.
extension HistoryClient {
    private static let mostHeld = 20

    private func name() -> EndpointName? { try? EndpointName("\(draw(2) == 0 ? "c" : "C")\(draw(Self.endpointNames))") }

    private func network() -> CatalogEntry<NetworkRecord>? { networks.isEmpty ? nil : networks[draw(networks.count)] }

    mutating func attach(as claim: NodeClaim) async {
        guard held.count < Self.mostHeld, let network = network(), let name = name() else { return await learn() }
        let request = AttachRequest(endpoint: id(), sandbox: id(), name: name, interface: "eth0")
        await attach(request, to: network, as: claim, ending: [.earlierLives(than: life)])
    }

    private mutating func attach(
        _ request: AttachRequest, to network: CatalogEntry<NetworkRecord>, as claim: NodeClaim, ending ends: [Authority]
    ) async {
        let operation = Operation(
            client: number, what: "attach \(request.name) to \(network.record.name)", claims: .endpoint(request.endpoint), ends: ends)
        let catalog = catalog
        // What is known is too little as a rule, so that addresses are raced for.
        let known = draw(3) == 0 ? nil : AddressSet(held.flatMap(\.record.addresses))
        let attached = await perform(operation) { () throws(CatalogError) in
            try await catalog.attach(request, to: network, as: claim, knowing: known)
        } told: {
            Acknowledgement(revision: $0.revision.rawValue, holding: $0.record.holding)
        }
        if let attached { held.append(attached) } else { await learn() }
    }

    /// What was refused was decided on old news, as a rule.
    private mutating func learn() async {
        if draw(3) == 0 || networks.isEmpty { networks = (try? await catalog.networks()) ?? networks }
        if networks.isEmpty { await createNetwork() }
    }

    mutating func detach(as claim: NodeClaim) async {
        guard !held.isEmpty else { return }
        let endpoint = held.remove(at: draw(held.count))
        let operation = Operation(client: number, what: "detach \(endpoint.record.name)", ends: [.owner(.endpoint(endpoint.record.id))])
        let catalog = catalog
        _ = await perform(operation) { () throws(CatalogError) in
            try await catalog.detach(endpoint, as: claim)
        } told: {
            Acknowledgement(revision: $0?.rawValue)
        }
    }

    mutating func removeSandbox(as claim: NodeClaim) async {
        guard !held.isEmpty else { return }
        let gone = (0..<min(held.count, 1 + draw(3))).map { _ in held.remove(at: draw(held.count)) }
        let ends = gone.map { Authority.owner(.endpoint($0.record.id)) }
        let operation = Operation(client: number, what: "remove a sandbox with \(gone.count)", ends: ends)
        let catalog = catalog
        _ = await perform(operation) { () throws(CatalogError) in
            try await catalog.removeSandbox(gone[0].record.sandbox, with: gone, as: claim)
        } told: { _ in
            // When the answer to the deletion was lost, the revision is that of the sandbox's own.
            Acknowledgement()
        }
    }

    // MARK: Containers

    /// An address is reserved; then there is an endpoint at it, or it is released, or nothing more comes.
    mutating func startContainer(as claim: NodeClaim) async {
        guard held.count < Self.mostHeld, let network = network(), let subnet = network.record.subnets.first else { return await learn() }
        let id: ReservationID = id()
        let chosen = draw(3) == 0 ? subnet.pool.address(at: UInt128(2 + draw(20))) : nil
        guard let reserved = await reserve(id, chosen, in: subnet, of: network, as: claim) else { return }
        switch draw(10) {
        case 0..<7: await attachEngine(reserved, id, to: network, as: claim)
        case 7..<9: await release(reserved, id, of: network, as: claim)
        default: break
        }
    }

    private func reserve(
        _ id: ReservationID, _ chosen: IPAddress?, in subnet: SubnetRecord, of network: CatalogEntry<NetworkRecord>, as claim: NodeClaim
    ) async -> ReservedAddress? {
        let operation = Operation(
            client: number, what: "reserve \(chosen?.description ?? "any") of \(network.record.name)", claims: .reservation(id),
            ends: [.earlierLives(than: life), .reservations(of: node)])
        let (catalog, life) = (catalog, life)
        return await perform(operation) { () throws(CatalogError) in
            try await catalog.reserveAddress(chosen, in: subnet, of: network, as: claim, knowing: [], id: id)
        } told: {
            let resource = Resource.address($0.address, of: network.record.id)
            return Acknowledgement(
                revision: $0.revision.rawValue, holding: Holding([resource], network: network.record.id, life: life))
        }
    }

    private mutating func attachEngine(
        _ reserved: ReservedAddress, _ reservation: ReservationID, to network: CatalogEntry<NetworkRecord>, as claim: NodeClaim
    ) async {
        let endpoint: EndpointID = id()
        guard let sandbox = try? SandboxID(endpoint.rawValue), let name = try? EndpointName(endpoint.short) else { return }
        let request = AttachRequest(
            endpoint: endpoint, sandbox: sandbox, kind: .engine, name: name, interface: "",
            attachment: AttachmentOptions(addresses: [reserved.address]),
            reservations: draw(3) == 0 ? [:] : [reserved.address: reserved.revision])
        await attach(
            request, to: network, as: claim,
            ending: [.earlierLives(than: life), .owner(.reservation(reservation)), .reservations(of: node)])
    }

    private func release(
        _ reserved: ReservedAddress, _ id: ReservationID, of network: CatalogEntry<NetworkRecord>, as claim: NodeClaim
    ) async {
        let operation = Operation(client: number, what: "release \(reserved.address)", ends: [.owner(.reservation(id))])
        let (catalog, isByID) = (catalog, draw(2) == 0)
        _ = await perform(operation) { () throws(CatalogError) in
            if isByID {
                try await catalog.releaseReservation(id, of: network.record.id, as: claim)
            } else {
                try await catalog.releaseReservation(reserved.address, of: network.record.id, as: claim, madeAt: reserved.revision)
            }
        } told: { _ in
            Acknowledgement()
        }
    }

    /// An engine tells which container an endpoint is of, so that it gets another name.
    mutating func rename(as claim: NodeClaim) async {
        guard !held.isEmpty, let name = name() else { return }
        let index = draw(held.count)
        let endpoint = held[index]
        let sandbox = SandboxRecord(
            id: endpoint.record.sandbox, name: name, node: node, kind: endpoint.record.kind, created: FixedTime().now())
        let operation = Operation(
            client: number, what: "rename \(endpoint.record.name) to \(name)", changes: [.owner(.endpoint(endpoint.record.id))],
            ends: [.earlierLives(than: life)])
        let catalog = catalog
        let renamed = await perform(operation) { () throws(CatalogError) in
            try await catalog.identify(endpoint, as: EndpointIdentity(name: name, sandbox: sandbox), by: claim)
        } told: {
            Acknowledgement(revision: $0.revision.rawValue, holding: $0.record.holding)
        }
        if let renamed { held[index] = renamed }
    }
}
