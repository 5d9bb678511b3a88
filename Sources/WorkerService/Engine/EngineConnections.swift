import ClusterCatalog
import DaemonKit
import EngineClient
import NetworkModel

/// Connects containers of the engine to networks of the cluster, and disconnects them: the engine does it, as if its user had asked.
struct EngineConnections: Sendable {
    let engine: any ContainerEngine
    let networks: EngineNetworks
    let names: EngineNames

    /// How long a network may take that was just made in the cluster.
    var patience = Duration.seconds(3)

    /// A container of the engine that runs, by name, id or a prefix of its id; nil if there is none, or if the engine does not tell.
    func container(_ term: String) async -> HostedContainer? {
        guard let container = try? await engine.container(term), container.isRunning else { return nil }
        return container
    }

    /// - Returns: the endpoint that the container got.
    func connect(_ container: String, to network: NetworkRecord, with options: AttachmentOptions) async throws -> EndpointID? {
        let id = try await onEngineNetwork(of: network) { id throws(EngineError) in
            try await engine.connect(container, to: id, with: options)
        }
        // The engine tells of it anyway: whoever asked finds the names in place.
        try? await names.follow(container)
        let attachments = try? await engine.container(container)?.attachments
        return attachments?.first { $0.network == id }?.endpoint
    }

    func disconnect(_ container: String, from network: NetworkRecord, force: Bool) async throws {
        _ = try await onEngineNetwork(of: network) { id throws(EngineError) in
            try await engine.disconnect(container, from: id, force: force)
        }
        try? await names.follow(container)
    }

    /// Does something with what the engine has for a network.
    private func onEngineNetwork(
        of network: NetworkRecord, _ work: (EngineNetworkID) async throws(EngineError) -> Void
    ) async throws -> EngineNetworkID {
        guard network.scope == .global else {
            throw DaemonError(
                .invalid,
                "network \(network.name) is one of this host's for skein sandboxes: containers of the engine are connected to networks of the "
                    + "cluster, or by docker network connect to the engine's own")
        }
        for id in await networks.engineNetworks(of: network.id, atMost: patience) {
            do throws(EngineError) {
                try await work(id)
                return id
            } catch {
                // Of two ids one may be of a network that is gone.
                guard error.code == .notFound, try await engine.network(id) == nil else { throw error }
            }
        }
        throw DaemonError(
            .unavailable,
            "network \(network.name) is not on the engine at \(engine.location) yet: see skein doctor on that host for the reason, and try again"
        )
    }
}
