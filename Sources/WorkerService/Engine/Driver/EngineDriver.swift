import ClusterCatalog
import DaemonKit
import Dataplane
import DriverAPI
import Logging
import NetworkModel

/// Docker's network driver: the networks of the cluster for the engine of this host.
///
/// Every call follows from what the store, the journal and the kernel hold, so that it may be repeated, left out, or come in any order
/// (lesson 8). None of them reaches the engine, which holds locks meanwhile: nothing here has one. What an engine is told is done that the
/// store cannot be told now is finished later.
final class EngineDriver: NetworkDriverBackend {
    let view: EngineView
    let limit: CallLimit
    let changes: EndpointChanges
    let dataplane: Dataplane
    let addresses: EngineAddresses
    let removals: EndpointRemovals
    let ports: EnginePorts
    let nameRoutes: NameRoutes
    let logger: Logger

    init(
        view: EngineView, limit: CallLimit, changes: EndpointChanges, dataplane: Dataplane, addresses: EngineAddresses,
        removals: EndpointRemovals, ports: EnginePorts, nameRoutes: NameRoutes, logger: Logger
    ) {
        self.view = view
        self.limit = limit
        self.changes = changes
        self.dataplane = dataplane
        self.addresses = addresses
        self.removals = removals
        self.ports = ports
        self.nameRoutes = nameRoutes
        self.logger = logger
    }

    // MARK: Ports

    func publish(_ options: EndpointOptions, of reference: EndpointReference) async throws {
        let endpoint = reference.endpoint
        try await limit.run("publishing the ports of endpoint \(endpoint.short)") { [self] in
            _ = try await expectEndpoint(reference)
            try await ports.publish(options.publishedPorts, of: endpoint)
        }
    }

    func unpublish(_ endpoint: EndpointReference) async throws {
        await ports.takeBack(endpoint.endpoint)
    }

    // MARK: Looking up

    /// An endpoint of this node.
    /// - Throws: when the engine's network or the endpoint is not known.
    func expectEndpoint(_ reference: EndpointReference) async throws -> EndpointRecord {
        guard let endpoint = try await view.endpoint(reference.endpoint)?.record else {
            throw DaemonError(
                .notFound,
                "endpoint \(reference.endpoint.short) is not known on network \(reference.network.short): it was not created, or removed")
        }
        return endpoint
    }
}
