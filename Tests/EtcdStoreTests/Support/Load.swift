import ClusterStore
import EtcdStore
import Synchronization
import TestSupport

/// Writers that write each key once, and a record of what they were told.
final class Load: Sendable {
    struct Record: Sendable {
        var acknowledged: [String] = []
        /// The store could not say whether it was made.
        var unknown: [String] = []
        /// The store has said that it was not made.
        var refused: [String] = []
    }

    /// What the record says and the store does not.
    struct Difference: Hashable, Sendable {
        /// Acknowledged, and not there.
        var lost: [String] = []
        /// Made twice.
        var doubled: [String] = []
        /// Said not to be made, and there.
        var untold: [String] = []
    }

    /// What all keys of writers begin with.
    private static let prefix = "writer-"

    private let record: Recorder
    private let tasks: [Task<Void, Never>]

    /// Starts writers, each with a client of its own.
    init(_ stores: [EtcdStore]) {
        let record = Recorder()
        self.record = record
        tasks = stores.enumerated().map { writer, store in
            Task {
                var number = 0
                while !Task.isCancelled {
                    await record.write("\(Self.prefix)\(writer)/\(number)", to: store)
                    number += 1
                }
            }
        }
    }

    deinit {
        for task in tasks { task.cancel() }
    }

    var told: Record { record.told.withLock { $0 } }

    /// Waits until as many more writes are acknowledged.
    func goesOn(for more: Int = 100, _ what: String) async throws {
        let before = told.acknowledged.count
        try await eventually("writes are made \(what)") { told.acknowledged.count >= before + more }
    }

    /// Ends the writers, and compares what they were told with what the store has.
    func end(_ store: EtcdStore) async throws -> Difference {
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        // What a test wrote besides, it may have written twice: until a cluster has its leader an answer may be lost.
        let entries = try await store.list(StoreKey(path: Self.prefix)).entries
        let kept = Set(entries.map(\.key.path))
        return Difference(
            lost: told.acknowledged.filter { !kept.contains($0) },
            doubled: entries.filter { $0.created != $0.modified }.map(\.key.path), untold: told.refused.filter(kept.contains))
    }
}

private final class Recorder: Sendable {
    let told = Mutex(Load.Record())

    func write(_ key: String, to store: EtcdStore) async {
        do {
            try await store.put(key)
            told.withLock { $0.acknowledged.append(key) }
        } catch let error as StoreError where error.code == .unavailable {
            told.withLock { $0.refused.append(key) }
            // Nobody writes in a hot loop while there is no leader.
            try? await Task.sleep(for: .milliseconds(2))
        } catch {
            told.withLock { $0.unknown.append(key) }
        }
    }
}
