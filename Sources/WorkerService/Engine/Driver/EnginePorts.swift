import ClusterCatalog
import DaemonKit
import Dataplane
import DriverAPI
import Logging
import NetworkModel

/// The ports of the host that lead to containers: taken on the host, kept in the journal, and planned by the data plane.
actor EnginePorts {
    private let view: EngineView
    private let dataplane: Dataplane
    private let host: HostPorts
    private let logger: Logger

    init(view: EngineView, dataplane: Dataplane, host: HostPorts, logger: Logger) {
        self.view = view
        self.dataplane = dataplane
        self.host = host
        self.logger = logger
    }

    /// Publishes ports of an endpoint, in place of those that it had, and waits until they lead there.
    /// - Throws: naming the port that is taken; then none is published.
    func publish(_ wanted: [PublishedPort], of endpoint: EndpointID) async throws {
        let before = await view.journal.ports(of: endpoint)
        if !Self.isSatisfied(wanted, by: before) {
            if !before.isEmpty { await takeBack(endpoint) }
            guard !wanted.isEmpty else { return }
            let taken = try await host.take(wanted, for: endpoint)
            do {
                try await view.journal.setPorts(taken, of: endpoint)
            } catch {
                await host.release(endpoint)
                throw error
            }
        }
        do {
            await dataplane.publish(await view.journal.ports(of: endpoint), of: endpoint)
            try await dataplane.settle(endpoint: endpoint)
        } catch {
            await takeBack(endpoint)
            throw error
        }
    }

    /// Whether ports are what an earlier call of the same wish was given: it may come again, and then changes nothing.
    private static func isSatisfied(_ wanted: [PublishedPort], by ports: [PortForwarding]) -> Bool {
        guard wanted.count == ports.count else { return false }
        return zip(wanted, ports).allSatisfy { wanted, port in
            wanted.port == port.port && wanted.hostAddress == port.hostAddress && wanted.hostPorts?.contains(port.hostPort) ?? true
        }
    }

    func takeBack(_ endpoint: EndpointID) async {
        await dataplane.publish([], of: endpoint)
        await host.release(endpoint)
        do {
            try await view.journal.setPorts([], of: endpoint)
        } catch {
            logger.warning("cannot note in the journal that ports are free again", metadata: ["cause": "\(error)"])
        }
    }

    /// Takes the ports of an earlier life of this worker again. Before the data plane begins: what it is not told of it takes back.
    func restore() async {
        for (endpoint, ports) in await view.journal.ports {
            await host.retake(ports, for: endpoint)
            await dataplane.publish(ports, of: endpoint)
        }
    }

    /// Gives back the ports of endpoints that are gone, however they went.
    func tidy() async {
        for endpoint in await view.journal.ports.keys where await view.global.mirror.ownEndpoint(endpoint) == nil {
            await takeBack(endpoint)
        }
    }
}
