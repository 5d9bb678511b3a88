import ClusterCatalog
import ClusterStore
import DaemonKit
import Dataplane
import EngineAPI
import KernelNetwork
import NameServer
import NetworkModel
import ServiceLifecycle

/// A worker, put together from its parts over whatever ports it is given: a real host's, or simulated ones.
struct Worker {
    /// What it stands on.
    struct Foundation {
        let record: NodeRecord
        let advertise: AdvertiseAddress
        let store: any ClusterStore
        let localStore: any ClusterStore
        let kernel: any NetworkKernel
        let files: any SandboxFiles
        let resolvers: any ResolverSource
        let identity: EngineIdentity
        let terms: Membership.Terms
        let dataplane: DataplaneOptions
        /// Where the names are kept for a start without the store.
        let names: DurableFile
        var namesPause = NameMemory.Pause()
        /// nil when no container engine is served.
        var engine: EngineSide.Foundation?
    }

    let backend: WorkerBackend
    /// What the container engine of the host calls; nil when none is served.
    let engine: EngineSide?
    /// What calls that engine; nil when none is served.
    let companion: EngineCompanion?
    /// In the order in which they are started.
    let services: [any Service]

    /// - Parameter onJoin: is called when the node has joined for the first time in this life.
    init(on foundation: Foundation, _ ports: DaemonPorts, onJoin: @escaping @Sendable () throws -> Void = {}) throws {
        let (news, teller) = AsyncStream<ScopeMirror.News>.makeStream()
        let global = Self.part(.global, of: foundation.store, foundation, teller, ports)
        let local = Self.part(.local, of: foundation.localStore, foundation, teller, ports)
        let membership = Membership(
            catalog: global.catalog, mirror: global.mirror, record: foundation.record, terms: foundation.terms, clock: ports.clock,
            logger: ports.logger,
            onJoin: onJoin)
        let adoption = Adoption(
            global: global, local: local, membership: membership,
            localClaim: NodeClaim(local: foundation.record.id, epoch: foundation.record.epoch), interval: foundation.terms.heartbeat,
            patience: foundation.terms.adoption, clock: ports.clock, logger: ports.logger)
        let scopes = NetworkScopes(
            global: ScopedCatalog(catalog: global.catalog, mirror: global.mirror) { try await adoption.claim() },
            local: ScopedCatalog(catalog: local.catalog, mirror: local.mirror) { try await adoption.claimLocal() })
        let recovery = Recovery(
            of: scopes.global, membership: membership, patience: foundation.terms.timeToLive, clock: ports.clock, logger: ports.logger)
        let names = try NameServer(
            node: foundation.record.id, resolvers: foundation.resolvers, clock: ports.clock, randomness: ports.randomness,
            logger: ports.logger)
        let sockets = NameSockets(kernel: foundation.kernel, nameServer: names)
        let dataplane = Dataplane(
            node: foundation.record.id, kernel: foundation.kernel, files: foundation.files,
            sites: sockets, options: foundation.dataplane, clock: ports.clock,
            randomness: ports.randomness, logger: ports.logger)
        let (leftovers, leaver) = AsyncStream<SandboxRecord>.makeStream()
        let engine = foundation.engine.map { EngineSide($0, scopes: scopes, dataplane: dataplane, adoption: adoption, ports) }
        self.engine = engine
        let companion = Self.companion(foundation, scopes, engine, ports)
        self.companion = companion
        let backend = Self.backend(foundation, scopes, membership, recovery, dataplane, leaver, companion?.connections, ports)
        self.backend = backend
        services =
            [
                Continuing { await global.mirror.run() },
                Continuing { await local.mirror.run() },
                Continuing { try await names.run() },
                Continuing { try await dataplane.run() },
                NewsConsumer(news: news, mirrors: 2, dataplane: dataplane, nameServer: names) { await engine?.ports.restore() },
                NameMemory(
                    file: foundation.names, mirror: global.mirror, nameServer: names, sockets: sockets, kernel: foundation.kernel,
                    pause: foundation.namesPause, clock: ports.clock, logger: ports.logger),
                membership, adoption, recovery,
                UnderlayWatch(
                    kernel: foundation.kernel, advertise: foundation.advertise, membership: membership, clock: ports.clock,
                    logger: ports.logger),
                RequestRunner(
                    catalog: global.catalog, node: foundation.record.id, sandboxes: backend.sandboxRegistry,
                    attachments: backend.attachments,
                    scopes: scopes, adoption: adoption, logger: ports.logger, containers: companion?.connections),
                Leftovers(leftovers, clock: ports.clock, logger: ports.logger) { try await backend.sandboxRegistry.remove($0) },
            ] + (engine?.services ?? []) + (companion?.services ?? [])
    }

    private static func companion(
        _ foundation: Foundation, _ scopes: NetworkScopes, _ side: EngineSide?, _ ports: DaemonPorts
    ) -> EngineCompanion? {
        guard let engine = foundation.engine?.engine, let side else { return nil }
        return EngineCompanion(
            engine: engine, journal: side.journal, scopes: scopes, kernel: foundation.kernel, interval: foundation.terms.heartbeat, ports
        ) { await side.addresses.take($0) }
    }

    private static func part(
        _ scope: NetworkScope, of store: any ClusterStore, _ foundation: Foundation,
        _ news: AsyncStream<ScopeMirror.News>.Continuation, _ ports: DaemonPorts
    ) -> (catalog: ClusterCatalog, mirror: ScopeMirror) {
        let catalog = ClusterCatalog(
            store: store, scope: scope, randomness: ports.randomness, wallTime: ports.time, clock: ports.clock, logger: ports.logger)
        return (catalog, ScopeMirror(of: store, scope: scope, node: foundation.record.id, news: news, logger: ports.logger))
    }

    private static func backend(
        _ foundation: Foundation, _ scopes: NetworkScopes, _ membership: Membership, _ recovery: Recovery, _ dataplane: Dataplane,
        _ leftovers: AsyncStream<SandboxRecord>.Continuation, _ containers: EngineConnections?, _ ports: DaemonPorts
    ) -> WorkerBackend {
        let attachments = Attachments(scopes: scopes, dataplane: dataplane, randomness: ports.randomness, logger: ports.logger)
        let sandboxes = Sandboxes(
            node: foundation.record.id, scopes: scopes, attachments: attachments, dataplane: dataplane,
            processes: SandboxProcesses(kernel: foundation.kernel, clock: ports.clock), randomness: ports.randomness, time: ports.time,
            leftovers: leftovers)
        return WorkerBackend(
            node: foundation.record.id, identity: foundation.identity, scopes: scopes,
            operations: ClusterOperations(catalog: scopes.global.catalog, randomness: ports.randomness),
            localOperations: ClusterOperations(catalog: scopes.local.catalog, randomness: ports.randomness), sandboxRegistry: sandboxes,
            attachments: attachments, membership: membership, recovery: recovery, dataplane: dataplane,
            hub: EventHub(of: [scopes.global.catalog, scopes.local.catalog], time: ports.time), time: ports.time,
            containers: containers)
    }
}
