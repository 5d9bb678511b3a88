import ClusterCatalog
import ClusterStore
import DaemonKit
import EmbeddedStore
import EngineAPI
import Hummingbird
import NetworkModel
import ServiceLifecycle
import StoreAPI

/// The controller, put together from its parts.
struct Controller {
    /// In the order in which they are started.
    let services: [any Service]

    init(_ options: ControllerOptions, _ ports: DaemonPorts) throws {
        let listening = try Listening(options, ports)
        let (store, storeServices) = try Self.store(options, listening, ports)
        let catalog = ClusterCatalog(
            store: store, scope: .global, randomness: ports.randomness, wallTime: ports.time, clock: ports.clock, logger: ports.logger)
        let hub = EventHub(of: [catalog], time: ports.time)
        var generator = RandomnessGenerator(ports.randomness)
        let backend = ControllerBackend(
            operations: ClusterOperations(catalog: catalog, randomness: ports.randomness),
            identity: EngineIdentity(role: .controller, id: NodeID(random: &generator).rawValue), hub: hub, time: ports.time)
        let responder = DaemonRouter.make(backend).buildResponder()
        let servers = options.listeners.map { listening.server(responder, at: $0) }
        services =
            storeServices + [CatalogOpening(catalog: catalog, clock: ports.clock, logger: ports.logger)] + servers
            + [
                Self.reaper(of: catalog, options.grace, on: ports.clock, ports),
                ExpiryWatch(of: options.certificates, ports), IdleMemory(clock: ports.clock), hub,
            ]
    }

    private static func reaper(
        of catalog: ClusterCatalog, _ grace: Duration, on clock: some Clock<Duration>, _ ports: DaemonPorts
    ) -> any Service {
        Reaper(catalog: catalog, grace: grace, clock: clock, logger: ports.logger)
    }

    private static func store(
        _ options: ControllerOptions, _ listening: Listening, _ ports: DaemonPorts
    ) throws -> (any ClusterStore, [any Service]) {
        switch options.store.place {
        case .etcd(let servers), .consul(let servers): return (try options.store.connect(to: servers, ports), [])
        case .embedded(let path):
            let store = try EmbeddedStore(path: path, root: options.store.root, clock: ports.clock, logger: ports.logger)
            let router = Router(context: BasicRequestContext.self)
            StoreRoutes(store: store.served, maintenance: store).add(to: router)
            let server = listening.server(router.buildResponder(), at: options.storeListener)
            return (store, [Continuing { try await store.run() }, server])
        }
    }
}
