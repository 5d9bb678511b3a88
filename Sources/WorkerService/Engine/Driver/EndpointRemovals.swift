import ClusterCatalog
import Logging
import NetworkModel
import ServiceLifecycle

/// Detaches endpoints that the engine has no use for: at once, or as soon as the store answers.
///
/// Kept in memory only. After a crash the engine's own list of containers tells which endpoints nobody has.
actor EndpointRemovals: Service {
    private let view: EngineView
    private let limit: CallLimit
    private let changes: EndpointChanges
    private let logger: Logger
    private let onRemoval: @Sendable (EndpointRecord) async -> Void
    /// What is to be removed, with the network of those that the mirror may not know: attaches of which the answer was lost.
    private var due: [EndpointID: NetworkID?] = [:]
    private var inProgress: (endpoint: EndpointID, done: Latch)?
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    /// How long an address waits for what is due: less than an engine's call may take.
    private let patience: Duration

    private static let retryInterval = Duration.seconds(1)

    /// - Parameter onRemoval: is told of each endpoint that is gone.
    init(
        view: EngineView, limit: CallLimit, patience: Duration, changes: EndpointChanges, logger: Logger,
        onRemoval: @escaping @Sendable (EndpointRecord) async -> Void
    ) {
        self.view = view
        self.limit = limit
        self.patience = patience
        self.changes = changes
        self.logger = logger
        self.onRemoval = onRemoval
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Removes an endpoint, now if the store answers soon enough, otherwise later.
    func remove(_ endpoint: EndpointID) async {
        do {
            try await limit.run("removing endpoint \(endpoint.short)") { try await self.detach(endpoint, of: nil) }
            due[endpoint] = nil
        } catch {
            logger.warning(
                "an endpoint that its engine has removed is detached later",
                metadata: ["endpoint": "\(endpoint.short)", "cause": "\(error)"])
            add(endpoint, of: nil)
        }
    }

    /// Has an endpoint removed that may be there or not.
    func add(_ endpoint: EndpointID, of network: NetworkID?) {
        due.updateValue(network ?? due[endpoint] ?? nil, forKey: endpoint)
        waker.yield()
    }

    /// The endpoint is wanted again. What is being removed is gone when this returns.
    func withdraw(_ endpoint: EndpointID) async {
        due[endpoint] = nil
        guard inProgress?.endpoint == endpoint, let done = inProgress?.done.opening() else { return }
        for await _ in done {}
    }

    var areAllDone: Bool { due.isEmpty && inProgress == nil }

    /// Removes what is due before somebody is given an address: a container that is started again in the moment in which the store is back finds
    /// its own free.
    func catchUp() async {
        guard !areAllDone else { return }
        _ = try? await withDeadline(patience, on: view.clock) { await self.removeDue(whateverWasHeard: true) }
    }

    // MARK: Later

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in self.wakes {
                while !Task.isCancelled, await !self.removeDue() { try? await self.view.clock.sleep(for: Self.retryInterval) }
            }
        }
    }

    /// - Returns: whether there is nothing left to do.
    /// - Parameter whateverWasHeard: whether the store is asked though the last word was that it is away.
    private func removeDue(whateverWasHeard: Bool = false) async -> Bool {
        while let done = inProgress?.done.opening() {
            for await _ in done {}
            if Task.isCancelled { return false }
        }
        while let (endpoint, network) = due.first {
            inProgress = (endpoint, Latch())
            defer {
                inProgress?.done.open()
                inProgress = nil
            }
            do {
                _ = whateverWasHeard ? try await view.global.claim() : try await view.expectStore()
                guard due[endpoint] != nil else { continue }
                try await detach(endpoint, of: network)
                due[endpoint] = nil
            } catch {
                return due.isEmpty
            }
        }
        return true
    }

    private func detach(_ endpoint: EndpointID, of network: NetworkID?) async throws {
        var found = try await view.endpoint(endpoint)
        if found == nil, let network {
            let node = view.global.mirror.node
            found = try await view.global.catalog.endpoints(of: network).first { $0.record.id == endpoint && $0.record.node == node }
        }
        guard let found else { return }
        try await changes.detach(found, in: view.global)
        await onRemoval(found.record)
    }
}
