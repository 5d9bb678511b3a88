import ClusterStore
import EmbeddedStore
import EtcdStore
import HTTPTransport
import StoreConformance
import TestSupport
import Testing

/// Our client, over a socket, to our server before our file: what a host of a cluster with an embedded store has.
/// One after the other, since each has a server and clients.
@Suite(.serialized) struct ServedConformanceTests {
    private struct Bench: StoreBench {
        let embedded: EmbeddedStore
        let clock: ManualClock
        let server: Server

        func store(root: String) -> any ClusterStore {
            EtcdStore(
                endpoints: [EtcdEndpoint(host: "127.0.0.1", port: server.port)], root: root, http: server.http,
                randomness: SeededRandomness(seed: 1), patience: .seconds(30), logger: quiet)
        }

        func compact() async throws -> Bool {
            try await embedded.served.compact(through: nil) == .done
        }

        func pass(_ time: Duration) async throws {
            clock.advance(by: time)
            _ = try await embedded.list([])
        }
    }

    @Test(arguments: StoreRule.all)
    func `the embedded store, served to another host, keeps the rule`(rule: StoreRule) async throws {
        let clock = ManualClock()
        let embedded = try EmbeddedStore(path: ":memory:", clock: clock, logger: quiet)
        try await Server.run(embedded.served) { server in
            try await rule.check(on: Bench(embedded: embedded, clock: clock, server: server))
        }
    }
}
