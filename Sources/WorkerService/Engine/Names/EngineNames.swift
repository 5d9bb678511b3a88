import ClusterCatalog
import DaemonKit
import EngineClient
import Logging
import NetworkModel
import ServiceLifecycle

/// Gives the engine's endpoints the names of their containers, and keeps the cluster informed of the containers that run here.
///
/// Level-based: an event only says which container to look at. What could not be written stays due.
actor EngineNames: Service {
    private let engine: any ContainerEngine
    private let global: ScopedCatalog
    private let naming: ContainerNaming
    private let sweep: EngineSweep
    private let status: EngineStatus
    private let interval: Duration
    private let onNews: @Sendable (EngineNews) async -> Void
    private let clock: any Clock<Duration>
    private var isConnected = false
    /// Whether all containers are to be looked at.
    private var isListDue = false
    /// Whether containers may have gone that nobody told of.
    private var wasAway = true
    /// Containers to be looked at.
    private var due: Set<String> = []
    /// Containers with an endpoint that is not known yet, and how often it was not.
    private var waiting: [String: Int] = [:]
    /// Containers that failed in this look: they wait for the next.
    private var failed: Set<String> = []
    /// Whether the store or the engine did not answer in this look.
    private var isHopeless = false
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    private let retries: AsyncStream<Void>
    private let retrier: AsyncStream<Void>.Continuation

    private static let retryInterval = Duration.seconds(1)
    private static let mostAtOnce = 8
    /// How often an endpoint that the engine has is looked for before the next listing.
    private static let mostTries = 20

    /// - Parameters:
    ///   - interval: how often everything is looked at in any case.
    ///   - onNews: is told what those want to know who hand out addresses.
    init(
        engine: any ContainerEngine, naming: ContainerNaming, sweep: EngineSweep, global: ScopedCatalog, status: EngineStatus,
        interval: Duration, clock: any Clock<Duration>, onNews: @escaping @Sendable (EngineNews) async -> Void = { _ in }
    ) {
        self.engine = engine
        self.naming = naming
        self.sweep = sweep
        self.global = global
        self.status = status
        self.interval = interval
        self.onNews = onNews
        self.clock = clock
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (retries, retrier) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func run() async throws {
        let node = global.mirror.node
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { for await event in self.engine.events() { await self.take(event) } }
                group.addTask {
                    for await _ in await self.global.mirror.wakes(on: { $0.isOfEngineEndpoint(on: node) }) { await self.reconsider() }
                }
                group.addTask { for await _ in self.retries { await self.retry() } }
                group.addTask { await self.lookNowAndThen() }
                await self.global.mirror.synchronised()
                for await _ in self.wakes { await self.look() }
                group.cancelAll()
            }
        }
    }

    // MARK: What wakes it

    /// Read without waiting for work: an engine drops events that nobody takes from it.
    private func take(_ event: EngineEvent) async {
        switch event {
        case .connected:
            isConnected = true
            isListDue = true
            await onNews(.answers(true))
        case .lost:
            isConnected = false
            wasAway = true
            await onNews(.answers(false))
        case .containerChanged(let id), .containerGone(let id): due.insert(id)
        case .networkCreated, .networkRemoved: return
        }
        waker.yield()
    }

    /// An endpoint has become known, or changed.
    private func reconsider() {
        guard !waiting.isEmpty else { return }
        due.formUnion(waiting.keys)
        waker.yield()
    }

    private func retry() async {
        try? await clock.sleep(for: Self.retryInterval)
        waker.yield()
    }

    private func lookNowAndThen() async {
        while !Task.isCancelled {
            try? await clock.sleep(for: interval)
            if isConnected { isListDue = true } else { await sweep.engineIsAway() }
            waker.yield()
        }
    }

    // MARK: Looking

    private func look() async {
        guard isConnected, !Task.isCancelled else { return }
        failed = []
        isHopeless = false
        if isListDue { await lookAtAll() }
        while let batch = takeBatch() { await look(at: batch) }
        if isListDue || !due.isEmpty { retrier.yield() } else { status.settled(Self.subject) }
    }

    private func lookAtAll() async {
        isListDue = false
        waiting = [:]
        do {
            let containers = try await engine.containers()
            for container in containers where !isHopeless {
                do { try await publish(container) } catch { note(error, of: container.id) }
            }
            isListDue = isHopeless
            var missed = await naming.recorded
            if wasAway { missed.formUnion(await naming.remembered) }
            wasAway = false
            due.formUnion(missed.subtracting(containers.map(\.id)))
            await sweep.compare(with: containers)
        } catch {
            isListDue = true
            note(error)
        }
    }

    /// nil when nothing is left that may succeed now.
    private func takeBatch() -> [String]? {
        let batch = due.subtracting(failed).sorted().prefix(Self.mostAtOnce)
        guard !batch.isEmpty, !isHopeless, !Task.isCancelled else { return nil }
        due.subtract(batch)
        return Array(batch)
    }

    private func look(at batch: [String]) async {
        await withDiscardingTaskGroup { group in
            for id in batch { group.addTask { await self.look(at: id) } }
        }
    }

    private func look(at id: String) async {
        do { try await follow(id) } catch { note(error, of: id) }
    }

    private func note(_ error: any Error, of container: String) {
        due.insert(container)
        failed.insert(container)
        note(error)
    }

    private func note(_ error: any Error) {
        let fault = error as? any Fault
        if fault?.kind == .unavailable { isHopeless = true }
        status.trouble(
            with: Self.subject,
            "the names of this engine's containers cannot be told to the cluster yet: \(fault?.message ?? "\(error)")")
    }

    private static let subject = "names"

    /// Has the cluster know a container as it is now.
    func follow(_ id: String) async throws {
        let container = try await engine.container(id)
        if container == nil, let removed = try? SandboxID(id) {
            await onNews(.removed(removed))
            try await naming.forget(removed)
        }
        guard let container, container.isRunning || container.hasEndpoint else {
            waiting[id] = nil
            return try await naming.withdraw(id)
        }
        try await publish(container)
    }

    private func publish(_ container: HostedContainer) async throws {
        if try await naming.publish(container) {
            waiting[container.id] = nil
        } else if waiting[container.id, default: 0] < Self.mostTries {
            waiting[container.id, default: 0] += 1
        } else {
            waiting[container.id] = nil
        }
    }
}

/// What the engine's calls do not say.
enum EngineNews: Hashable, Sendable {
    /// Whether the API of the engine answers: while it starts it calls, and does not answer.
    case answers(Bool)
    case removed(SandboxID)
}

extension HostedContainer {
    /// It is being started, or runs.
    var hasEndpoint: Bool { attachments.contains { $0.endpoint != nil } }
}

extension ViewChange {
    func isOfEngineEndpoint(on node: NodeID) -> Bool {
        if case .endpoint(_, _, let record?) = self { record.node == node && record.kind == .engine } else { false }
    }
}
