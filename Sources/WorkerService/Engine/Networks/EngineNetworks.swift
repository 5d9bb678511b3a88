import ClusterCatalog
import DaemonKit
import EngineClient
import Logging
import NetworkModel
import ServiceLifecycle

/// Sees to it that the engine of this host has every network of the cluster, and the cluster every network that a user makes at the engine.
///
/// Level-based: what the engine tells and what the records say only say when to look. It calls the engine, and so is never waited for by a call
/// of the engine's.
actor EngineNetworks: Service {
    let engine: any ContainerEngine
    let journal: EngineJournal
    let global: ScopedCatalog
    let status: EngineStatus
    let logger: Logger
    private let clock: any Clock<Duration>
    private let randomness: any Randomness
    private var isConnected = false
    /// How often in a row something could not be done.
    private var failures = 0
    /// What the journal had and the engine had not the last time.
    private var missed: Set<EngineNetworkID> = []
    /// Who waits for the next comparison to be done.
    private var looking = Latch()
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    private let retries: AsyncStream<Duration>
    private let retrier: AsyncStream<Duration>.Continuation

    private static let firstRetry = Duration.milliseconds(250)
    private static let lastRetry = Duration.seconds(15)

    init(
        engine: any ContainerEngine, journal: EngineJournal, global: ScopedCatalog, status: EngineStatus, clock: any Clock<Duration>,
        randomness: any Randomness, logger: Logger
    ) {
        self.engine = engine
        self.journal = journal
        self.global = global
        self.status = status
        self.clock = clock
        self.randomness = randomness
        self.logger = logger
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (retries, retrier) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { for await event in self.engine.events() { await self.take(event) } }
                group.addTask { for await _ in await self.global.mirror.wakes(on: { $0.isOfNetwork }) { await self.wake() } }
                group.addTask { for await pause in self.retries { await self.wake(after: pause) } }
                await self.global.mirror.synchronised()
                for await _ in self.wakes { await self.look() }
                group.cancelAll()
            }
        }
    }

    private func wake() { waker.yield() }

    private func wake(after pause: Duration) async {
        try? await clock.sleep(for: pause)
        wake()
    }

    /// Read without waiting for work: an engine drops events that nobody takes from it.
    private func take(_ event: EngineEvent) {
        switch event {
        case .connected:
            isConnected = true
            status.engineAnswers()
            wake()
        case .lost(let cause):
            isConnected = false
            status.engineIsLost(cause.message)
        case .networkCreated(_, _, let driver): if driver == EngineOption.driver { wake() }
        case .networkRemoved: wake()
        case .containerChanged, .containerGone: break
        }
    }

    /// What the engine calls a network of the cluster, those that are most likely first; one that was made a moment ago is waited for.
    func engineNetworks(of network: NetworkID, atMost bound: Duration) async -> [EngineNetworkID] {
        let found = try? await withDeadline(bound, on: clock) { await self.engineNetworks(of: network) }
        return (found ?? nil) ?? []
    }

    /// - Returns: none only when cancelled.
    private func engineNetworks(of network: NetworkID) async -> [EngineNetworkID] {
        while !Task.isCancelled {
            let known = await journal.networks.filter { $0.value == network }.keys
            // A network that is there now is preferred to one that the journal has not forgotten yet.
            if !known.isEmpty { return known.sorted { (missed.contains($0) ? 1 : 0, $0) < (missed.contains($1) ? 1 : 0, $1) } }
            for await _ in looking.opening() {}
        }
        return []
    }

    /// Compares once, and does what follows.
    private func look() async {
        guard isConnected else { return }
        let isDone = await synchronise()
        looking.open()
        looking = Latch()
        if isDone {
            failures = 0
            return
        }
        failures += 1
        let full = min(Self.lastRetry, Self.firstRetry * (1 << min(failures - 1, 10)))
        retrier.yield(full / 2 + full / 2 * Int(randomness.next() % 1024) / 1024)
    }

    /// - Returns: whether nothing is left to be tried again.
    func synchronise() async -> Bool {
        let listed: [HostedNetwork]
        do {
            listed = try await engine.networks(ofDriver: EngineOption.driver)
        } catch {
            logger.warning("cannot list the container engine's networks", metadata: ["cause": "\(error)"])
            return false
        }
        let records = Dictionary(
            await global.mirror.networks.map { ($0.record.id, $0.record) }, uniquingKeysWith: { first, _ in first })
        let comparison = NetworkComparison(
            records: records, listed: listed, journal: await journal.networks, gone: await journal.gone,
            missedBefore: missed)
        missed = comparison.missed
        var isDone = true
        for action in comparison.actions where !Task.isCancelled {
            // What was taken up may have put in its place what seems to be missing.
            if case .make = action, comparison.takesUp {
                wake()
                break
            }
            do {
                try await carryOut(action)
            } catch {
                isDone = false
                note(error, of: action)
            }
        }
        return isDone
    }

    private func note(_ error: any Error, of action: NetworkComparison.Action) {
        let cause = (error as? any Fault)?.message ?? "\(error)"
        switch action {
        case .takeUp(let network):
            status.trouble(with: network.spec.name, "network \(network.spec.name) cannot be recorded in the cluster yet: \(cause)")
        case .make(let network):
            status.trouble(with: network.name, "network \(network.name) of the cluster cannot be made on this engine: \(cause)")
        case .drop(let network, _), .dropDuplicate(let network):
            let name = network.spec.name
            status.trouble(with: name, "network \(name) is gone from the cluster and cannot be removed from this engine: \(cause)")
        case .remember(let id, _), .forget(let id): status.trouble(with: id.short, "the journal cannot be written: \(cause)")
        }
    }
}

extension ViewChange {
    var isOfNetwork: Bool { if case .network = self { true } else { false } }
}
