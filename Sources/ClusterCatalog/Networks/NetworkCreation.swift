import AddressManagement
import ClusterStore
public import NetworkModel

extension ClusterCatalog {
    /// Creates a network: its record, name, VNI, pools and reserved addresses in one transaction.
    ///
    /// - Parameter hosts: nodes whose routes the pools must keep clear of, besides those that the catalog itself has.
    /// - Throws: ``CatalogError``: ``CatalogError/Code/networkNameTaken``, ``CatalogError/Code/poolOverlap``,
    ///   ``CatalogError/Code/noPool``, ``CatalogError/Code/vniTaken``, or what is wrong with the request.
    public func createNetwork(
        _ request: NetworkRequest, avoidingRoutesOf hosts: [NodeRecord] = []
    ) async throws(CatalogError) -> CatalogEntry<NetworkRecord> {
        let blueprint = try NetworkBlueprint(request, scope: scope)
        var generator = RandomnessGenerator(randomness)
        // The id stays the same in every round, so that a round whose answer was lost is recognised when it shows up.
        let id = request.id ?? NetworkID(random: &generator)
        var backoff = Backoff()
        var lost: CatalogError?
        do {
            while true {
                if let created = try await tryToCreate(id, blueprint, avoidingRoutesOf: hosts, &lost) { return created }
                try await pause(&backoff, before: "create network \(request.name)")
            }
        } catch {
            throw lost ?? error
        }
    }

    /// One round, or nil when it lost a race.
    private func tryToCreate(
        _ id: NetworkID, _ blueprint: NetworkBlueprint, avoidingRoutesOf hosts: [NodeRecord], _ lost: inout CatalogError?
    ) async throws(CatalogError) -> CatalogEntry<NetworkRecord>? {
        let name = blueprint.request.name
        let snapshot = try await list(AllocationState.prefixes(for: name, scope: scope))
        let state = try AllocationState(snapshot, name: name, scope: scope, hosts: hosts)
        // An earlier round whose answer was lost has claimed the name: also if this cannot be read now.
        if state.nameHolder == id { return try await entry(CatalogKeys.network(id)) }
        // Or it has not.
        lost = nil
        guard state.nameHolder == nil else { throw CatalogError(.networkNameTaken, "network with name \(name) already exists") }
        let record = try network(id, blueprint, in: state)
        let creation = try creation(of: record, in: state)
        guard store.takes(creation) else {
            throw CatalogError(
                .invalid,
                "network \(name) has more subnets, gateways and auxiliary addresses than the store \(store.location) takes at once: "
                    + "give it fewer")
        }
        switch try await commit(creation) {
        case .committed(let revision): return CatalogEntry(record, revision: revision)
        case .conflict: return nil
        case .unknown(let error):
            lost = CatalogError(error)
            return nil
        }
    }

    private func network(
        _ id: NetworkID, _ blueprint: NetworkBlueprint, in state: AllocationState
    ) throws(CatalogError) -> NetworkRecord {
        let request = blueprint.request
        return NetworkRecord(
            id: id, name: request.name, driver: blueprint.driver,
            vni: blueprint.driver == .overlay ? try state.vni(blueprint.chosenVNI) : nil,
            subnets: try subnets(blueprint, register: state.poolRegister),
            ipamDriver: request.ipamDriver.isEmpty ? "default" : request.ipamDriver, options: request.options, labels: request.labels,
            isInternal: request.isInternal, isAttachable: request.isAttachable, created: wallTime.now())
    }

    private func subnets(_ blueprint: NetworkBlueprint, register: PoolRegister) throws(CatalogError) -> [SubnetRecord] {
        var register = register
        var generator = RandomnessGenerator(randomness)
        do {
            var result: [SubnetRecord] = []
            for subnet in blueprint.request.subnets {
                try register.claim(subnet.pool)
                result.append(try subnet.withGateway())
            }
            for family in blueprint.familiesToAllocate {
                let supplies = family == .v4 ? DefaultPools.ipv4(scope) : DefaultPools.ipv6(random: &generator)
                result.append(try SubnetRecord(pool: try register.claimFirst(of: supplies)).withGateway())
            }
            return result
        } catch {
            throw CatalogError(error)
        }
    }

    func creation(of record: NetworkRecord, in state: AllocationState) throws(CatalogError) -> StoreTransaction {
        let key = CatalogKeys.network(record.id)
        let name = CatalogKeys.networkName(record.name)
        var transaction = StoreTransaction(
            [.absent(name)], then: [try RecordCoding.put(record, at: key), try RecordCoding.put(record.id, at: name)])
        if let vni = record.vni {
            let key = CatalogKeys.vni(vni)
            transaction.compares.append(.absent(key))
            transaction.operations.append(try RecordCoding.put(record.id, at: key))
        }
        guard !record.subnets.isEmpty else { return transaction }
        let generation = CatalogKeys.poolGeneration(scope)
        transaction.compares.append(state.generation.map { .unchanged(generation, since: $0.modified) } ?? .absent(generation))
        let number = try state.generation.map { entry throws(CatalogError) in try RecordCoding.decode(Int.self, from: entry) } ?? 0
        transaction.operations.append(try RecordCoding.put(number + 1, at: generation))
        for subnet in record.subnets { transaction.operations += try claims(of: subnet, for: record.id) }
        return transaction
    }

    private func claims(of subnet: SubnetRecord, for network: NetworkID) throws(CatalogError) -> [StoreOperation] {
        var claims = [try RecordCoding.put(network, at: CatalogKeys.pool(subnet.pool, in: scope))]
        if let gateway = subnet.gateway {
            claims.append(try RecordCoding.put(AddressRecord.gateway, at: CatalogKeys.address(gateway, of: network)))
        }
        // Two names may stand for one address; a key is written once in a transaction.
        let auxiliary = Dictionary(subnet.auxiliary.map { ($0.value, $0.key) }, uniquingKeysWith: min)
        for (address, name) in auxiliary {
            claims.append(try RecordCoding.put(AddressRecord.auxiliary(name), at: CatalogKeys.address(address, of: network)))
        }
        return claims
    }
}
