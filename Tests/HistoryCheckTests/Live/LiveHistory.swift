import ClusterStore
import EtcdStore
import HTTPTransport
import HistoryCheck
import Logging
import NetworkModel
import TestSupport

/// A history on a real store whose parts break meanwhile.
///
/// What each client wants to do, and what breaks in which order and for how long, follows from the seed; how the processes and the
/// kernel take their turns does not.
struct LiveHistory {
    let history: History
    /// What was broken, in order.
    let faults: [String]

    private static let clients = 8
    static let hosts = 4
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init(on rig: some HistoryRig, seed: UInt64, lasting duration: Duration) async throws {
        let recorder = HistoryRecorder()
        let observer = try StoreObserver(ports: rig.ports)
        let clients = try (0..<Self.clients).map { try Self.client($0, of: rig, seed: seed, recorder: recorder) }
        (history, faults) = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await observer.run() }
            let faults = try await Self.act(clients, on: rig, SeededRandomness(seed: seed), lasting: duration)
            let end = try await Self.end(of: rig)
            try await observer.reach(end.revision)
            group.cancelAll()
            let owners = try StoreChronicle.owners(in: end)
            let steps = observer.steps.filter { $0.revision <= end.revision.rawValue }
            return (History(operations: recorder.operations, steps: steps, end: owners), faults)
        }
    }

    private static func client(
        _ number: Int, of rig: some HistoryRig, seed: UInt64, recorder: HistoryRecorder
    ) throws -> HistoryClient {
        let start = ContinuousClock.now
        return HistoryClient(
            number, over: try store(at: rig.ports(for: number), seed: seed &+ UInt64(number)), seed: seed, recorder: recorder,
            clock: ContinuousClock()
        ) { ContinuousClock.now - start }
    }

    private static func store(at ports: [UInt16], seed: UInt64, patience: Duration = .seconds(2)) throws -> EtcdStore {
        EtcdStore(
            endpoints: ports.map { EtcdEndpoint(host: "127.0.0.1", port: $0) }, http: try HTTPClient(logger: quiet),
            randomness: SeededRandomness(seed: seed), patience: patience, logger: quiet)
    }

    /// Lets all clients go about their business while things break.
    /// - Returns: what was broken.
    private static func act(
        _ clients: [HistoryClient], on rig: some HistoryRig, _ randomness: SeededRandomness, lasting duration: Duration
    ) async throws -> [String] {
        let end = ContinuousClock.now + duration
        return try await withThrowingTaskGroup(of: [String].self) { group in
            for client in clients {
                group.addTask {
                    var client = client
                    await client.run { ContinuousClock.now > end }
                    return []
                }
            }
            group.addTask { try await breakThings(on: rig, randomness, until: end) }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    private static func breakThings(
        on rig: some HistoryRig, _ randomness: SeededRandomness, until end: ContinuousClock.Instant
    ) async throws -> [String] {
        var faults: [String] = []
        while ContinuousClock.now < end {
            faults.append(try await rig.breakSomething(randomness))
            try await ContinuousClock().sleep(for: .milliseconds(Int64(randomness.next() % 700)))
        }
        return faults
    }

    /// Everything that the store has when all is whole again.
    private static func end(of rig: some HistoryRig) async throws -> StoreSnapshot {
        try await rig.heal()
        let store = try store(at: rig.ports, seed: 0, patience: .seconds(30))
        var snapshot: StoreSnapshot?
        try await eventually("the store answers") {
            snapshot = try? await store.list([StoreKey(path: "")])
            return snapshot != nil
        }
        guard let snapshot else { throw TestProblem("the store does not answer") }
        return snapshot
    }
}
