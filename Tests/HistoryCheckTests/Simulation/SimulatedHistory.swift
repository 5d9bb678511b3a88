import ClusterCatalog
import ClusterStore
import HistoryCheck
import NetworkModel
import TestSupport

/// A whole history in this process, on a virtual clock: from the same seed it is the same history, to the last revision.
struct SimulatedHistory {
    let history: History

    /// - Parameter writesComeLate: whether a write whose client has given up may still be carried out a while later.
    init(seed: UInt64, clients: Int = 5, steps: Int = 40, writesComeLate: Bool) throws {
        let clock = ManualClock()
        let store = InMemoryStore(clock: clock)
        let executor = SeededExecutor(seed: seed, clock: clock)
        let recorder = HistoryRecorder(isStrict: !writesComeLate)
        let start = clock.now
        history = try executor.run {
            await withTaskGroup { group in
                for number in 0..<clients {
                    let link = SimulatedLink(
                        store, clock: clock, seed: seed &* 100 &+ UInt64(number), executor: executor, writesComeLate: writesComeLate)
                    let client = HistoryClient(number, over: link, seed: seed, recorder: recorder, clock: clock) {
                        start.duration(to: clock.now)
                    }
                    group.addTask { await Self.run(client, steps: steps, clock: clock) }
                }
            }
            // What comes late has come by then, and leases have ended.
            try await clock.sleep(for: .seconds(20))
            let end = try StoreChronicle.owners(in: try await store.list([StoreKey(path: "")]))
            return History(operations: recorder.operations, steps: try await Self.steps(of: store), end: end)
        }
    }

    private static func run(_ client: HistoryClient, steps: Int, clock: ManualClock) async {
        var client = client
        for _ in 0..<steps {
            await client.step()
            try? await clock.sleep(for: .milliseconds(client.draw(200)))
        }
    }

    /// The store's history from its first revision to its last. The first is the store's own, before there is anything.
    private static func steps(of store: InMemoryStore) async throws -> [StoreStep] {
        // The last revision need not be of a change; this one is.
        let mark = StoreKey("end")
        _ = try await store.commit(StoreTransaction([], then: [.put(mark, [])]))
        let watch = store.served.watch(KeyRange(prefix: RawKey(root)), from: StoreRevision(2))
        var chronicle = StoreChronicle()
        while let event = await watch.next() {
            guard case .changes(let changes) = event else { throw TestProblem("the store has forgotten its history") }
            for (revision, changes) in Dictionary(grouping: changes, by: \.revision).sorted(by: { $0.key < $1.key }) {
                try chronicle.take(changes.map(Self.keyChange), at: revision.rawValue)
            }
            if changes.contains(where: { $0.key == RawKey(root + mark.path) }) { break }
        }
        return chronicle.steps
    }

    private static let root = "skein/"

    private static func keyChange(_ change: RawChange) -> KeyChange {
        let key = StoreKey(path: String(decoding: change.key.bytes.dropFirst(root.utf8.count), as: UTF8.self))
        return if case .put(let record) = change { KeyChange(key: key, value: record.value) } else { KeyChange(key: key, value: nil) }
    }
}
