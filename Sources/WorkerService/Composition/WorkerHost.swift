import ClusterStore
import DaemonKit
import Dataplane
import DriverAPI
import EmbeddedStore
import EngineAPI
import EngineClient
import HTTPTransport
import Hummingbird
import KernelNetwork
import NameServer
import NetworkModel
import ServiceLifecycle
import WorkerAPI

/// A worker on a real host: the kernel, the files and the stores that it stands on.
struct WorkerHost {
    private let options: WorkerOptions
    private let ports: DaemonPorts
    private let kernel: LinuxKernel
    private let lock: FileLock
    private let state: StateDirectory
    private let network: HostNetwork
    private let vtep: IPAddress
    private let underlayMTU: Int

    /// How long a store that has never answered is waited for: a call to it may take `timeout`, and each needs time to fail with its cause.
    private static func patience(_ timeout: Duration?) -> Duration { max(.seconds(10), (timeout ?? .zero) * 2) }

    /// Looks at the host. What it lacks is told before anything is written.
    init(_ options: WorkerOptions, _ ports: DaemonPorts) throws {
        self.options = options
        self.ports = ports
        kernel = try LinuxKernel()
        network = HostNetwork(try kernel.dump(.host))
        vtep = try network.vtep(options.advertise)
        underlayMTU = try kernel.underlayMTU(of: vtep)
        lock = try FileLock.ofHost()
        state = try StateDirectory(path: options.stateDirectory, randomness: ports.randomness)
    }

    /// Everything that runs, in the order in which it is started.
    func services() throws -> [any Service] {
        let store = try options.store.connect(to: options.servers, ports)
        let local = try EmbeddedStore(path: state.localStore, clock: ports.clock, logger: ports.logger)
        let record = record()
        let hasJoined = try state.hasJoined(store.location)
        let foundation = Worker.Foundation(
            record: record, advertise: options.advertise, store: store, localStore: local, kernel: kernel, files: LinuxSandboxFiles(),
            resolvers: ResolverFile(),
            identity: EngineIdentity(role: .worker, id: record.id.rawValue),
            terms: Membership.Terms(
                heartbeat: options.store.options.heartbeat, timeToLive: options.store.options.timeToLive,
                patience: hasJoined ? nil : Self.patience(options.store.options.timeout)),
            dataplane: DataplaneOptions(vxlanPort: options.vxlanPort, servesHost: options.engine != nil),
            names: DurableFile(path: state.names), engine: try options.engine.map { try engine(at: $0) })
        let worker = try Worker(on: foundation, ports) { [state] in try state.noteJoined(store.location) }
        let router = DaemonRouter.make(worker.backend)
        SandboxRoutes(backend: worker.backend).add(to: router)
        DoctorRoutes(backend: try doctor(of: worker)).add(to: router)
        PublishedPortRoutes(backend: PublishedPorts(journal: worker.engine?.journal, scopes: worker.backend.scopes)).add(to: router)
        let server = APIServer(
            router.buildResponder(), at: options.listener, for: options.group, clock: ports.clock, logger: ports.logger)
        return [Continuing { [lock] in try await lock.held { try await local.run() } }] + plugin(worker) + worker.services
            + [ExpiryWatch(of: [options.store.options.certificate].compactMap(\.self), ports)]
            + [IdleMemory(clock: ports.clock), server, worker.backend.hub]
    }

    private func engine(at options: EngineOptions) throws -> EngineSide.Foundation {
        EngineSide.Foundation(
            journal: try EngineJournal(path: state.engineJournal, clock: ports.clock, logger: ports.logger),
            nameRoutes: NameRoutes(path: "/run/skein/name-routes.json"),
            engine: DockerEngine(
                socket: options.socket, http: try HTTPClient(logger: ports.logger), clock: ports.clock, randomness: ports.randomness,
                logger: ports.logger))
    }

    /// The socket that the engine calls. It is there before anything is known: an engine that starts beside this worker must find it.
    private func plugin(_ worker: Worker) -> [any Service] {
        guard let engine = worker.engine, let address = options.engine?.plugin else { return [] }
        let routes = DriverRoutes(networks: engine.driver, addresses: engine.addresses, clock: ports.clock)
        return [APIServer(routes.router().buildResponder(), at: address, clock: ports.clock, logger: ports.logger)]
    }

    private func doctor(of worker: Worker) throws -> Doctor {
        Doctor(
            worker: worker.backend, kernel: kernel, vxlanPort: options.vxlanPort, certificate: options.store.options.certificate,
            engine: try examination(of: worker), clock: ports.clock)
    }

    private func examination(of worker: Worker) throws -> EngineExamination? {
        guard let side = worker.engine, let companion = worker.companion, let options = options.engine else { return nil }
        return EngineExamination(
            engine: companion.connections.engine, socket: options.socket, pluginSocket: options.pluginPath, journal: side.journal,
            troubles: { companion.status.report.troubles }, http: try HTTPClient(logger: ports.logger), clock: ports.clock)
    }

    private func record() -> NodeRecord {
        let facts = HostFacts()
        return NodeRecord(
            id: state.node, hostname: facts.hostname, vtep: vtep, advertise: HostPort.join(vtep.description, options.advertise.port),
            epoch: state.epoch, version: SkeinVersion.current, kernelVersion: facts.kernelVersion, operatingSystem: facts.operatingSystem,
            hostRoutes: network.routes, underlayMTU: underlayMTU, joined: ports.time.now())
    }
}
