import DaemonKit
import EngineClient
import KernelNetwork
import NetworkModel
import ServiceLifecycle

/// What a worker does of its own accord with the container engine beside it: everything that calls the engine, and nothing that the engine calls.
struct EngineCompanion: Sendable {
    let networks: EngineNetworks
    let names: EngineNames
    let connections: EngineConnections
    /// What it last met, for `skein doctor`.
    let status: EngineStatus

    /// - Parameters:
    ///   - interval: how often everything is looked at, whatever the engine tells.
    ///   - onNews: is told what the engine's calls do not say.
    init(
        engine: any ContainerEngine, journal: EngineJournal, scopes: NetworkScopes, kernel: any NetworkKernel, interval: Duration,
        _ ports: DaemonPorts, onNews: @escaping @Sendable (EngineNews) async -> Void
    ) {
        status = EngineStatus(location: engine.location, logger: ports.logger)
        networks = EngineNetworks(
            engine: engine, journal: journal, global: scopes.global, status: status, clock: ports.clock, randomness: ports.randomness,
            logger: ports.logger)
        let naming = ContainerNaming(journal: journal, global: scopes.global, status: status)
        let sweep = EngineSweep(
            engine: engine, journal: journal, scopes: scopes, kernel: kernel, clock: ports.clock, logger: ports.logger)
        names = EngineNames(
            engine: engine, naming: naming, sweep: sweep, global: scopes.global, status: status, interval: interval, clock: ports.clock,
            onNews: onNews)
        connections = EngineConnections(engine: engine, networks: networks, names: names)
    }

    var services: [any Service] { [networks, names] }
}
