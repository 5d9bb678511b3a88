import ClusterStore
import EmbeddedStore
import EtcdStore
import FoundationEssentials
import HTTPTransport
import Hummingbird
import TestSupport
import Testing

@testable import StoreAPI

/// What is done to a served store as a whole, through our own client.
@Suite(.serialized) struct MaintenanceRouteTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func serving(_ body: @escaping @Sendable (EmbeddedStore, EtcdStore, Server) async throws -> Void) async throws {
        let store = try EmbeddedStore(path: folder.file("store"), clock: ContinuousClock(), logger: quiet)
        try await Server.run(store.served, maintenance: store) { server in
            let client = EtcdStore(
                endpoints: [EtcdEndpoint(host: "127.0.0.1", port: server.port)], http: server.http, randomness: SeededRandomness(seed: 1),
                patience: .seconds(30), logger: quiet)
            try await body(store, client, server)
        }
    }

    @Test func `a copy travels piece by piece and is the store`() async throws {
        let folder = folder
        try await serving { store, client, _ in
            for number in 0..<20 {
                let value = [UInt8](repeating: UInt8(number), count: 50_000)
                _ = try await store.commit(StoreTransaction([], then: [.put(StoreKey("k", "\(number)"), value)]))
            }
            let copy = try await client.backUp()
            var pieces: [[UInt8]] = []
            while let piece = try await copy.next() { pieces.append(piece) }
            #expect(pieces.count > 3)
            try Data(pieces.flatMap(\.self)).write(to: URL(filePath: folder.file("copy")))
            let summary = try StoreRestore(folder.file("copy"), to: folder.file("restored")).restore(replacing: false)
            #expect(summary.keys == 20)
            let restored = try EmbeddedStore(path: folder.file("restored"), clock: ContinuousClock(), logger: quiet)
            let listed = (try await restored.list(StoreKey("k")), try await store.list(StoreKey("k")))
            #expect(listed.0.entries == listed.1.entries)
        }
    }

    @Test func `the status tells sizes, and a whole store raises no alarm`() async throws {
        try await serving { store, client, _ in
            _ = try await store.commit(StoreTransaction([], then: [.put(StoreKey("k"), [UInt8](repeating: 1, count: 200_000))]))
            let size = try await client.size()
            #expect(size.used > 200_000)
            #expect(size.bytes > 200_000)
            #expect(try await client.findDamage().isEmpty)
        }
    }

    @Test func `an alarm of etcd is asked for as of etcd`() async throws {
        try await serving { _, _, server in
            let answer = try await server.post("maintenance/alarm", #"{"action":"GET"}"#)
            #expect(try JSON(answer.body)["alarms"] == nil)
            #expect(try await server.post("maintenance/alarm", #"{"action":"DEACTIVATE"}"#).status == 501)
        }
    }

    @Test func `a store that nobody looks after serves no copies`() async throws {
        try await Server.run(InMemoryStore().served) { server in
            let answer = try await server.post("maintenance/snapshot", "{}")
            #expect(answer.status == 404)
        }
    }
}
