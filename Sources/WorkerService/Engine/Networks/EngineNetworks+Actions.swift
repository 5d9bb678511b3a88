import ClusterCatalog
import DaemonKit
import EngineClient
import Logging
import NetworkModel

extension EngineNetworks {
    func carryOut(_ action: NetworkComparison.Action) async throws {
        switch action {
        case .remember(let network, let id): try await journal.setNetwork(id, of: network)
        case .forget(let network): try await journal.setNetwork(nil, of: network)
        case .takeUp(let network): try await takeUp(network)
        case .make(let record): try await make(record)
        case .drop(let network, let id):
            // A mirror may be behind, or have been told of a store that was emptied: the store itself is asked.
            guard try await global.catalog.network(id) == nil else { return }
            try await remove(network)
            logger.info("removed a network from the engine that the cluster has no longer", metadata: ["network": "\(network.spec.name)"])
        case .dropDuplicate(let network): try await remove(network)
        }
    }

    // MARK: The cluster's networks

    /// Makes a network of the cluster on the engine.
    private func make(_ known: NetworkRecord) async throws {
        // It may just have been removed: at this engine, or before the mirror hears of it.
        guard let record = try await global.catalog.network(known.id)?.record, record.state == .active else { return }
        let id: EngineNetworkID
        do {
            id = try await engine.createNetwork(HostedNetworkSpec(twinOf: record))
        } catch {
            guard error.code == .conflict else { throw error }
            throw DaemonError(
                .conflict,
                "it has another network of that name (\(error.message)), which is kept; give that one another name, or remove it with docker "
                    + "network rm \(record.name)")
        }
        try await journal.setNetwork(record.id, of: id)
        status.settled(record.name)
        logger.info(
            "made a network of the cluster on the engine",
            metadata: ["network": "\(record.name)", "id": "\(record.id.short)", "id at the engine": "\(id.short)"])
    }

    /// Removes a network from the engine. Its call to the driver removes nothing of the cluster's.
    private func remove(_ network: HostedNetwork) async throws {
        await journal.beginRemoving(network.id)
        let outcome: Result<Void, EngineError>
        do {
            outcome = .success(try await engine.removeNetwork(network.id))
        } catch {
            outcome = .failure(error)
        }
        await journal.endRemoving(network.id)
        try outcome.get()
        try await journal.setNetwork(nil, of: network.id)
        status.settled(network.spec.name)
    }

    // MARK: A user's networks

    /// Makes a network of the cluster of what a user has made at the engine, or removes it from there again with an error that says why.
    private func takeUp(_ network: HostedNetwork) async throws {
        let name = network.spec.name
        let (record, isKept): (CatalogEntry<NetworkRecord>, Bool)
        do {
            (record, isKept) = try await create(try NetworkProposal(network))
        } catch let error as CatalogError where error.code == .networkNameTaken {
            return try await giveWay(network)
        } catch let error as any Fault where error.kind != .unavailable {
            try await remove(network)
            return status.trouble(with: name, "network \(name), made at this engine, was removed from it again: \(error.message)")
        }
        if isKept, await journal.gone.contains(network.id) {
            // Its user has removed it meanwhile, when there was nothing to be removed from the cluster.
            return try await global.catalog.removeNetwork(record.record.id)
        }
        await global.mirror.commit { $0.commit(record) }
        if isKept {
            try await journal.setNetwork(record.record.id, of: network.id)
        } else {
            try await replace(network, by: record.record)
        }
        status.settled(name)
        logger.info(
            "a network made at the engine is the cluster's now", metadata: ["network": "\(name)", "id": "\(record.record.id.short)"])
    }

    /// - Returns: also whether the engine's network has the record's pools and id.
    private func create(_ proposal: NetworkProposal) async throws -> (CatalogEntry<NetworkRecord>, isKept: Bool) {
        do throws(CatalogError) {
            return (try await global.catalog.createNetwork(proposal.request), proposal.keepsNetwork)
        } catch {
            guard error.code == .poolOverlap, let alternative = proposal.alternative else { throw error }
            return (try await global.catalog.createNetwork(alternative), false)
        }
    }

    /// Puts the cluster's network in the place of one that a user made: with its own id and, from an engine's own address management, pools that
    /// the next engine would give too, that can be no network of the cluster.
    private func replace(_ network: HostedNetwork, by record: NetworkRecord) async throws {
        try await remove(network)
        try await make(record)
    }

    /// Somebody else was faster with the name: one network remains, and that is theirs.
    private func giveWay(_ network: HostedNetwork) async throws {
        let name = network.spec.name
        let winner = try await global.catalog.network(matching: name).record
        guard winner.name == name else { return }
        try await replace(network, by: winner)
        status.trouble(
            with: name,
            "network \(name) was made at this engine while the cluster had one of that name already, made \(winner.created) with id "
                + "\(winner.id.short): the engine has that one now, and the other was removed")
    }
}
