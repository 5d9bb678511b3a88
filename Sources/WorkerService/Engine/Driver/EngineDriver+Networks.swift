import ClusterCatalog
import DaemonKit
import DriverAPI
import NetworkModel

extension EngineDriver {
    /// One of the cluster's that the worker itself makes on its engine, or one that a user makes there: the engine's events tell its name, and
    /// then it becomes the cluster's.
    func createNetwork(_ network: EngineNetwork) async throws {
        try await limit.run("network \(network.id.short)") { [self] in
            if let text = network.options[EngineOption.network] { return try await createTwin(network, of: try NetworkID(text)) }
            if await view.journal.network(of: network.id) != nil { return }
            try view.global.catalog.check(request(for: network))
            // What cannot be recorded soon is refused at once: its user would take it for made (lesson 9).
            _ = try await view.expectStore()
            await addresses.networkIsMade(network)
        }
    }

    private func createTwin(_ network: EngineNetwork, of id: NetworkID) async throws {
        guard try await view.network(id) != nil else {
            throw DaemonError(
                .notFound,
                "option \(EngineOption.network): network \(id.short) is not one of the cluster's; leave it out to make a new network")
        }
        try await view.journal.setNetwork(id, of: network.id)
    }

    /// What the catalog will be asked for, as far as it is known.
    private func request(for network: EngineNetwork) -> NetworkRequest {
        NetworkRequest(
            name: network.id.short, ipamDriver: network.subnets.isEmpty ? "null" : "default", subnets: network.subnets,
            isIPv6Enabled: network.isIPv6Enabled, options: network.options, isInternal: network.isInternal)
    }

    /// The engine forgets the network whatever is answered. The cluster's network goes with it, unless it is the worker that has the engine
    /// forget it, or it is in use elsewhere: then the worker makes it on this engine again.
    func deleteNetwork(_ id: EngineNetworkID) async throws {
        // Before the cluster's is looked for: whoever is about to record it sees this, or is seen.
        await view.journal.noteDeletion(of: id)
        let outcome: Result<Void, any Error>
        do {
            if await !view.journal.removing.contains(id) { try await removeNetwork(behind: id) }
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        // Only now: a network that is not known and still listed would be taken for a new one.
        try await view.journal.forgetNetwork(id)
        try outcome.get()
    }

    private func removeNetwork(behind id: EngineNetworkID) async throws {
        // One that its user made and removed in the same moment may be recorded under its own id by now.
        let network = try await view.journal.network(of: id) ?? NetworkID(id.rawValue)
        try await limit.run("removing network \(network.short)") { [self] in
            do throws(CatalogError) {
                try await view.global.catalog.removeNetwork(network)
            } catch {
                guard error.code == .networkNotFound else { throw error }
                // Somebody else was faster, or it was never recorded.
            }
        }
    }
}
