import ArgumentParser
import ClusterCatalog
import ClusterStore
import NetworkModel
import Synchronization

/// Lets many workers watch one store, and tells when they learn of a change.
struct WatchersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watchers",
        abstract: "Print how many milliseconds after the begin of an attach half of all workers, 99 in a hundred, and all know of it.")

    @OptionGroup var store: StoreArguments
    @Option(help: "How many workers.") var workers = 1000
    @Option(help: "How many endpoints to attach, one after the other.") var changes = 40

    func run() async throws {
        ProcessLimits.raiseOpenFiles()
        let catalog = store.catalog(over: try store.connect())
        let claim = try await catalog.joinAsBenchmark()
        let network = try await catalog.createNetwork(NetworkRequest(name: "bench-watched"))
        let board = WatchBoard(workers: workers)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<workers {
                // As each has that is a process of its own: what many share has to look at all of their connections for each event.
                let connection = try store.connect()
                for source in Self.sources(of: network.record.id) { group.addTask { await board.follow(source, in: connection) } }
            }
            await board.wait(for: board.snapshots, count: workers * Self.sources(of: network.record.id).count)
            // The first finds a store that is still busy with the crowd's arrival.
            try await change(0, of: network, in: catalog, as: claim, board)
            board.forget()
            for number in 1...max(changes, 1) { try await change(number, of: network, in: catalog, as: claim, board) }
            group.cancelAll()
        }
        Stopwatch.report(board.summary)
    }

    /// What a worker watches that takes part in one network.
    private static func sources(of network: NetworkID) -> [StoreKey] {
        let node = NodeID.drawn()
        return [
            CatalogKeys.nodes, CatalogKeys.networks, CatalogKeys.sandboxes(on: node), CatalogKeys.nodeEndpoints(node),
            CatalogKeys.endpoints(of: network),
        ]
    }

    private func change(
        _ number: Int, of network: CatalogEntry<NetworkRecord>, in catalog: ClusterCatalog, as claim: NodeClaim, _ board: WatchBoard
    ) async throws {
        board.begin()
        let taken = AddressSet((0..<2 + number).compactMap { network.record.subnets.first?.pool.address(at: UInt128($0)) })
        _ = try await catalog.attachOne("w\(number)", to: network, as: claim, knowing: taken)
        await board.wait(for: board.sightings, count: workers * (number + 1))
    }
}

/// Who has seen what, and when.
final class WatchBoard: Sendable {
    /// A count that somebody waits for.
    final class Tally: Sendable {
        private let state = Mutex((count: 0, wanted: Int.max, waiter: CheckedContinuation<Void, Never>?.none))

        func add() {
            let waiter = state.withLock { state in
                state.count += 1
                return state.count >= state.wanted ? state.waiter.take() : nil
            }
            waiter?.resume()
        }

        func reach(_ wanted: Int) async {
            await withCheckedContinuation { continuation in
                let isReached = state.withLock { state in
                    if state.count >= wanted { return true }
                    (state.wanted, state.waiter) = (wanted, continuation)
                    return false
                }
                if isReached { continuation.resume() }
            }
        }
    }

    let snapshots = Tally()
    let sightings = Tally()
    private let times = Mutex((begin: Int64(0), delays: [Int64]()))

    init(workers: Int) {
        times.withLock { $0.delays.reserveCapacity(workers * 64) }
    }

    func begin() {
        times.withLock { $0.begin = Stopwatch.microseconds() }
    }

    /// Forgets all delays so far.
    func forget() {
        times.withLock { $0.delays.removeAll(keepingCapacity: true) }
    }

    func wait(for tally: Tally, count: Int) async { await tally.reach(count) }

    func follow(_ prefix: StoreKey, in store: any ClusterStore) async {
        for await event in store.watch(prefix) {
            switch event {
            case .snapshot: snapshots.add()
            case .changes(let changes, _) where !changes.isEmpty && prefix.hasPrefix(CatalogKeys.endpoints):
                let now = Stopwatch.microseconds()
                times.withLock { $0.delays.append(now - $0.begin) }
                sightings.add()
            case .changes, .interrupted: break
            }
        }
    }

    /// Milliseconds: the median, the 99th percentile and the longest.
    var summary: String {
        let delays = times.withLock { $0.delays.sorted() }
        guard !delays.isEmpty else { return "0 0 0" }
        let at = { (share: Double) in Double(delays[min(delays.count - 1, Int(Double(delays.count) * share))]) / 1000 }
        return "\(at(0.5)) \(at(0.99)) \(at(1))"
    }
}
