import ClusterCatalog
import ClusterStore
import Logging
import NetworkModel

/// Watches what one node needs of one store, and tells what changes.
///
/// Its cost grows with the node's own networks and not with the cluster. Changes leave it in the order in which they became known,
/// through one stream; this process's own writes are taken as soon as they are committed.
actor ScopeMirror {
    /// What leaves the mirror.
    enum News: Sendable {
        case changes([ViewChange])
        /// All endpoints of a network have been seen once, or, by false, they are watched no more.
        case network(NetworkID, isInSync: Bool)
        /// Everything that the node needs has been seen once.
        case inSync
        /// Everything told before this has been handed on.
        case mark(AsyncStream<Never>.Continuation)
    }

    /// A network whose endpoints are watched because the node takes part in it, or because a request in progress needs them.
    private struct Subscription {
        /// Whether all endpoints have been seen once.
        var hasArrived = false
        /// Opens at the first answer of the store, or when there is none.
        var answer = Latch()
        var pins = 0
        let stop: AsyncStream<Never>.Continuation
    }

    let scope: NetworkScope
    let node: NodeID
    private(set) var view: ScopeView
    private let store: any ClusterStore
    private let logger: Logger
    private let news: AsyncStream<News>.Continuation
    private let starts: AsyncStream<(NetworkID, AsyncStream<Never>)>
    private let starter: AsyncStream<(NetworkID, AsyncStream<Never>)>.Continuation
    private var subscriptions: [NetworkID: Subscription] = [:]
    /// Networks that are watched and no longer needed, the longest unneeded first: who attaches and detaches in turn need not wait for a
    /// list each time.
    private var idle: [NetworkID] = []
    private static let mostIdle = 4
    private var sync = Latch()
    private var word = Latch()
    private var networkNews = Bell()
    private var followers: [Follower] = []
    /// Somebody who looks for himself when something of his has changed.
    private struct Follower {
        let isConcerned: @Sendable (ViewChange) -> Bool
        let waker: AsyncStream<Void>.Continuation
    }
    private let rule: LossRule
    /// Yields when the store has lost something by its own word, and nobody has looked again.
    nonisolated let losses: AsyncStream<Void>
    private let loser: AsyncStream<Void>.Continuation
    /// Why the store does not answer at present.
    private(set) var interruption: StoreError?

    /// - Parameter news: where changes go, read by one consumer.
    init(
        of store: any ClusterStore, scope: NetworkScope, node: NodeID, news: AsyncStream<News>.Continuation, logger: Logger
    ) {
        self.store = store
        self.scope = scope
        self.node = node
        self.news = news
        self.logger = logger
        (starts, starter) = AsyncStream.makeStream()
        rule = scope == .global ? .secondLook : .first
        (losses, loser) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        view = ScopeView(of: node) { logger.error("a record cannot be read and is left out", metadata: ["cause": "\($0)"]) }
    }

    /// Watches until cancelled.
    func run() async {
        await catalogIsWhole()
        guard !Task.isCancelled else { return }
        let sources: [ScopeView.Source] = [.nodes, .networks, .sandboxes(node), .ownEndpoints(node)]
        await withDiscardingTaskGroup { group in
            for source in sources { group.addTask { await self.follow(source) } }
            for await (network, stop) in starts {
                group.addTask { await self.follow(.endpoints(network), until: stop) }
            }
            group.cancelAll()
        }
    }

    /// Waits while a catalog is being imported: what is missing from half of it would be taken for gone, and torn down.
    private func catalogIsWhole() async {
        for await event in store.watch(CatalogKeys.format) {
            note(event)
            let entries: [StoreEntry]
            switch event {
            case .snapshot(let snapshot): entries = Array(snapshot.entries)
            case .changes(let changes, _):
                entries = changes.compactMap { if case .put(let entry) = $0 { entry } else { nil } }
                // Taken back, or not about it.
                if entries.isEmpty { continue }
            case .interrupted: continue
            }
            guard entries.contains(where: { ImportMark($0) != nil }) else { return }
            logger.warning("waiting: the catalog of the \(scope.rawValue) store is being imported, and only half there")
        }
    }

    private func follow(_ source: ScopeView.Source) async {
        for await event in store.watch(source.prefix) { take(event, of: source) }
    }

    private func follow(_ source: ScopeView.Source, until stop: AsyncStream<Never>) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.follow(source) }
            group.addTask { for await _ in stop {} }
            await group.next()
            group.cancelAll()
        }
    }

    private func take(_ event: WatchEvent, of source: ScopeView.Source) {
        note(event)
        read(event, of: source)
        switch source {
        case .networks:
            updateSubscriptions()
            networkNews.ring()
        case .ownEndpoints: updateSubscriptions()
        case .endpoints(let network) where view.endpoints[network]?.mirror.isInSync == true: arrived(network)
        default: break
        }
        if !sync.isOpen, view.isInSync {
            sync.open()
            word.open()
            news.yield(.inSync)
        }
    }

    private func read(_ event: WatchEvent, of source: ScopeView.Source) {
        tell(view.take(event, of: source, under: rule))
        if !view.missing.isEmpty { loser.yield() }
    }

    /// Takes a second look at what is missing.
    func look(at source: ScopeView.Source, _ snapshot: StoreSnapshot) {
        read(.snapshot(snapshot), of: source)
    }

    /// What was missing is gone.
    func believe(_ missing: ScopeView.Missing) {
        tell(view.believe(missing))
        updateSubscriptions()
    }

    /// Whether everything that the node needs has been seen once.
    var isInSync: Bool { sync.isOpen }

    /// Waits until the store has answered everything for the first time, or has failed to answer.
    func hasFirstWord() async {
        for await _ in word.opening() {}
    }

    /// Takes back what an earlier life knew and the store has not, in its order among the news.
    func withdraw(_ remembered: RememberedView) {
        news.yield(.changes(remembered.withdrawals(besides: view)))
    }

    /// Waits until everything that the node needs has been seen once.
    func synchronised() async {
        for await _ in sync.opening() {}
    }

    private func arrived(_ network: NetworkID) {
        guard let subscription = subscriptions[network], !subscription.hasArrived else { return }
        subscriptions[network]?.hasArrived = true
        subscriptions[network]?.answer.open()
        news.yield(.network(network, isInSync: true))
    }

    private func note(_ event: WatchEvent) {
        if case .interrupted(let error) = event {
            if interruption == nil {
                logger.warning("the \(scope.rawValue) store does not answer; what runs goes on", metadata: ["cause": "\(error)"])
            }
            interruption = error
            word.open()
            // Who waits for a first answer is told that there is none (lesson 17).
            for network in subscriptions.keys { subscriptions[network]?.answer.open() }
        } else if interruption != nil {
            interruption = nil
            logger.info("the \(scope.rawValue) store answers again")
        }
    }

    private func tell(_ changes: [ViewChange]) {
        guard !changes.isEmpty else { return }
        news.yield(.changes(changes))
        followers.removeAll { follower in
            guard changes.contains(where: follower.isConcerned) else { return false }
            if case .terminated = follower.waker.yield() { return true }
            return false
        }
    }

    /// Yields now, and after every change that is of some kind: who looks then sees it in the view.
    func wakes(on isConcerned: @escaping @Sendable (ViewChange) -> Bool) -> AsyncStream<Void> {
        let (stream, waker) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        waker.yield()
        followers.append(Follower(isConcerned: isConcerned, waker: waker))
        return stream
    }

    /// Takes what this process itself committed.
    func commit(_ change: @Sendable (inout ScopeView) -> [ViewChange]) {
        let changes = change(&view)
        tell(changes)
        updateSubscriptions()
        if changes.contains(where: \.isOfNetwork) { networkNews.ring() }
    }

    /// Waits until everything told so far has been handed on by the consumer.
    func flush() async {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        news.yield(.mark(continuation))
        for await _ in stream {}
    }

    // MARK: Networks

    /// Waits until there is a network of some kind.
    /// - Returns: nil if the task was cancelled first.
    func network(where isWanted: @Sendable (NetworkRecord) -> Bool) async -> CatalogEntry<NetworkRecord>? {
        while !Task.isCancelled {
            if let network = view.networks.records.values.first(where: { isWanted($0.record) }) { return network }
            let (news, ticket) = networkNews.next()
            for await _ in news {}
            networkNews.forget(ticket)
        }
        return nil
    }

    /// Keeps a network's endpoints watched for as long as some work takes; all of them have been seen before the work begins.
    /// - Throws: the store's error when it does not answer.
    func withEndpoints<Value: Sendable>(of network: NetworkID, _ work: @Sendable () async throws -> Value) async throws -> Value {
        subscribe(network)
        subscriptions[network]?.pins += 1
        defer {
            subscriptions[network]?.pins -= 1
            updateSubscriptions()
        }
        if let answer = subscriptions[network]?.answer.opening() {
            for await _ in answer {}
        }
        try Task.checkCancellation()
        if subscriptions[network]?.hasArrived != true, let interruption { throw interruption }
        return try await work()
    }

    private func updateSubscriptions() {
        let participation = view.participation
        for network in participation { subscribe(network) }
        for (network, subscription) in subscriptions {
            let isNeeded = subscription.pins > 0 || participation.contains(network)
            if isNeeded { idle.removeAll { $0 == network } } else if !idle.contains(network) { idle.append(network) }
        }
        for network in idle where view.networks.isInSync && view.networks.records[network] == nil { unsubscribe(network) }
        while idle.count > Self.mostIdle { unsubscribe(idle[0]) }
    }

    private func unsubscribe(_ network: NetworkID) {
        idle.removeAll { $0 == network }
        subscriptions.removeValue(forKey: network)?.stop.finish()
        tell(view.close(network))
        news.yield(.network(network, isInSync: false))
    }

    private func subscribe(_ network: NetworkID) {
        guard subscriptions[network] == nil else { return }
        let (stop, stopper) = AsyncStream<Never>.makeStream()
        subscriptions[network] = Subscription(stop: stopper)
        view.open(network)
        starter.yield((network, stop))
    }
}
