import ClusterCatalog
import DaemonKit
import Dataplane
import DriverAPI
import EngineClient
import NetworkModel
import ServiceLifecycle

/// What a worker is for the container engine of its host: the drivers that the engine calls.
struct EngineSide {
    /// What it stands on.
    struct Foundation {
        /// What an earlier life was told.
        let journal: EngineJournal
        let nameRoutes: NameRoutes
        /// The engine itself; nil to be called by it only.
        var engine: (any ContainerEngine)?
        var terms = EngineAddresses.Terms()
        /// How long a call may take, and how long of that it may wait: in all, and for what is to be removed before.
        var limits = (whole: Duration.milliseconds(800), patience: Duration.milliseconds(700), removals: Duration.milliseconds(300))
        /// How often what nobody claimed is looked for.
        var upkeepInterval = Duration.seconds(5)
    }

    let journal: EngineJournal
    let driver: EngineDriver
    let addresses: EngineAddresses
    let ports: EnginePorts
    private let removals: EndpointRemovals
    private let upkeep: EngineUpkeep

    init(_ foundation: Foundation, scopes: NetworkScopes, dataplane: Dataplane, adoption: Adoption, _ daemon: DaemonPorts) {
        let global = scopes.global
        let (whole, patience, removalPatience) = foundation.limits
        let limit = CallLimit(global: global, dataplane: dataplane, clock: daemon.clock, whole: whole, patience: patience)
        let view = EngineView(journal: foundation.journal, global: global, clock: daemon.clock, patience: patience)
        let changes = EndpointChanges(scopes: scopes)
        let catchUp = LateCall()
        let addresses = EngineAddresses(
            view: view, limit: limit, randomness: daemon.randomness, terms: foundation.terms, logger: daemon.logger
        ) { await catchUp() }
        let removals = EndpointRemovals(
            view: view, limit: limit, patience: removalPatience, changes: changes, logger: daemon.logger
        ) { await addresses.endpointIsGone($0) }
        catchUp.lead(to: { await removals.catchUp() })
        let ports = EnginePorts(
            view: view, dataplane: dataplane, host: HostPorts(logger: daemon.logger), logger: daemon.logger)
        journal = foundation.journal
        self.addresses = addresses
        self.ports = ports
        self.removals = removals
        driver = EngineDriver(
            view: view, limit: limit, changes: changes, dataplane: dataplane, addresses: addresses, removals: removals, ports: ports,
            nameRoutes: foundation.nameRoutes, logger: daemon.logger)
        upkeep = EngineUpkeep(
            addresses: addresses, ports: ports, nameRoutes: foundation.nameRoutes, view: view, adoption: adoption, clock: daemon.clock,
            interval: foundation.upkeepInterval)
    }

    var services: [any Service] { [removals, upkeep] }
}
