import ClusterStore
import EtcdStore
import HTTPTransport
import NetworkModel
import Synchronization
import TestSupport
import Testing

/// The real controller with an embedded store, killed among writers.
@Suite struct KilledStoreTests {
    /// One who writes one transaction after the other: three keys that belong together, and the ones before the last deleted.
    private struct Writer {
        let number: Int
        /// What was asked for last.
        var attempted = 0
        var acknowledged = 0
        var revision = StoreRevision.zero

        var last: StoreKey { StoreKey("last", "\(number)") }

        func keys(_ step: Int) -> [StoreKey] { ["a", "b"].map { StoreKey("w", "\(number)", "\(step)", $0) } }

        mutating func write(to store: any ClusterStore) async -> Bool {
            attempted = acknowledged + 1
            let value = Array("\(attempted)".utf8)
            let puts = (keys(attempted) + [last]).map { StoreOperation.put($0, value) }
            let transaction = StoreTransaction([], then: puts + keys(attempted - 2).map { .delete($0) })
            guard case .committed(let revision)? = try? await store.commit(transaction) else { return false }
            (acknowledged, self.revision) = (attempted, revision)
            return true
        }
    }

    @Test func `what a controller acknowledged before kill -9 is there, and nothing is half there`() async throws {
        let seed = TestSeed()
        var generator = seed.generator
        let server = try await EmbeddedStoreServer.start()
        let store = EtcdStore(
            endpoints: [EtcdEndpoint(host: "127.0.0.1", port: server.port)], http: try HTTPClient(logger: quiet),
            randomness: SeededRandomness(seed: seed.value), patience: .seconds(30), logger: quiet)
        var writers = (0..<4).map { Writer(number: $0) }
        for _ in 0..<5 {
            writers = try await write(writers, to: store, until: Int.random(in: 0..<120, using: &generator), server)
            try await server.restart()
            let snapshot = try await store.list(StoreKey(path: ""))
            #expect(snapshot.revision >= writers.map(\.revision).max() ?? .zero, "seed \(seed.value)")
            for index in writers.indices { check(&writers[index], snapshot, seed) }
        }
        #expect(try await store.findDamage().isEmpty)
    }

    private final class Count: Sendable {
        private let state = Atomic(0)
        var value: Int { state.load(ordering: .relaxed) }
        func raise() { state.add(1, ordering: .relaxed) }
    }

    /// Lets all write until so many writes are acknowledged; then the process is killed, and everybody finds out.
    private func write(
        _ writers: [Writer], to store: any ClusterStore, until count: Int, _ server: EmbeddedStoreServer
    ) async throws -> [Writer] {
        let acknowledged = Count()
        return try await withThrowingTaskGroup(of: Writer?.self) { group in
            for writer in writers {
                group.addTask {
                    var writer = writer
                    while await writer.write(to: store) { acknowledged.raise() }
                    return writer
                }
            }
            group.addTask {
                try await eventually("\(count) writes are acknowledged") { acknowledged.value >= count }
                server.kill()
                return nil
            }
            return try await group.reduce(into: []) { if let writer = $1 { $0.append(writer) } }.sorted { $0.number < $1.number }
        }
    }

    private func check(_ writer: inout Writer, _ snapshot: StoreSnapshot, _ seed: TestSeed) {
        let values = Dictionary(uniqueKeysWithValues: snapshot.entries.map { ($0.key, String(decoding: $0.value, as: UTF8.self)) })
        let last = values[writer.last].flatMap { Int($0) } ?? 0
        #expect((writer.acknowledged...writer.attempted).contains(last), "seed \(seed.value), writer \(writer.number)")
        let found = Set(values.keys.filter { $0.hasPrefix(StoreKey("w", "\(writer.number)").children) })
        let expected = [last - 1, last].filter { $0 > 0 }.flatMap { writer.keys($0) }
        #expect(found == Set(expected), "seed \(seed.value), writer \(writer.number), step \(last)")
        writer.acknowledged = last
    }
}
