import AddressManagement
import ClusterCatalog
import DaemonKit
import DriverAPI
import NetworkModel

extension EngineAddresses {
    /// The pool for a network: of the cluster's that a worker makes on its engine, or of a new one.
    func pool(for request: PoolRequest) async throws -> GrantedPool {
        if let network = request.options[EngineOption.network] {
            return try await pool(for: request, of: try NetworkID(network))
        }
        if let option = request.options.keys.min() {
            throw DaemonError(.unsupported, "ipam option \"\(option)\" is not supported")
        }
        _ = try await view.expectStore()
        let networks = await view.global.mirror.networks.map(\.record)
        let nodes = await view.global.mirror.nodes
        return GrantedPool(try grant(request, besides: networks, nodes))
    }

    private func pool(for request: PoolRequest, of id: NetworkID) async throws -> GrantedPool {
        guard let network = try await view.network(id)?.record else {
            throw DaemonError(.notFound, "network \(id.short) is not one of the cluster's: it was removed")
        }
        let subnets = network.subnets.filter { $0.pool.family == request.family }
        guard let subnet = request.pool.map({ pool in subnets.first { $0.pool == pool } }) ?? subnets.first else {
            let wanted = request.pool.map(\.description) ?? "for IP\(request.family)"
            throw DaemonError(.invalid, "network \(network.name) has no subnet \(wanted)")
        }
        return GrantedPool(PoolID(subnet.pool, subPool: subnet.subPool), gateway: subnet.gateway)
    }

    /// No `await` from here on: two networks that are made at once get different pools.
    private func grant(_ request: PoolRequest, besides networks: [NetworkRecord], _ nodes: [NodeRecord]) throws -> PoolID {
        let recorded = networks.flatMap { network in network.subnets.map { (network, $0.pool) } }
        grants.prune(at: now(), recorded: Set(recorded.map(\.1)))
        let routes = nodes.flatMap { node in node.hostRoutes.map { HostRoute(destination: $0, host: "\(node.hostname) (\(node.id.short))") }
        }
        var register = PoolRegister(used: recorded.map(\.1) + grants.pools, routes: routes)
        var id: PoolID
        if let pool = request.pool {
            try SubnetRules.check([SubnetRecord(pool: pool, subPool: request.subPool)])
            id = PoolID(pool, subPool: request.subPool)
            if !grants.has(id) {
                if let (holder, other) = recorded.first(where: { $0.1.overlaps(pool) }) {
                    throw DaemonError(
                        .forbidden,
                        "invalid pool request: Pool overlaps with other one on this address space: network \(holder.name) has \(other)")
                }
                try register.claim(pool)
            }
        } else {
            var generator = RandomnessGenerator(randomness)
            let supplies = request.family == .v4 ? DefaultPools.ipv4(.global) : DefaultPools.ipv6(random: &generator)
            id = PoolID(try register.claimFirst(of: supplies))
        }
        grants.give(id, until: now() + terms.grant)
        return id
    }
}
