import ClusterStore
import ConsulStandIn
import ConsulStore
import EmbeddedStore
import EtcdStore
import HTTPTransport
import Logging
import TestSupport
import Testing

/// The stores that a catalog may live in, each as a cluster has it.
enum LiveStore: String, CaseIterable, CustomTestStringConvertible {
    case memory
    case embedded
    case etcd
    /// A stand-in of Consul.
    case consul

    var testDescription: String { rawValue }

    /// Runs a body on an empty store of this kind.
    func run(_ body: (any ClusterStore) async throws -> Void) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        switch self {
        case .memory: try await body(InMemoryStore())
        case .embedded:
            let folder = try TemporaryFolder()
            try await body(try EmbeddedStore(path: folder.file("store.sqlite"), clock: ContinuousClock(), logger: logger))
        case .etcd:
            let etcd = try await EtcdServer.start()
            let store = EtcdStore(
                endpoints: [EtcdEndpoint(host: "127.0.0.1", port: etcd.port)], http: try HTTPClient(logger: logger),
                randomness: SeededRandomness(seed: 1), patience: .seconds(30), logger: logger)
            try await body(store)
            etcd.kill()
        case .consul:
            let consul = try await ConsulStandIn.start()
            let store = ConsulStore(
                endpoints: [ServerEndpoint(host: "127.0.0.1", port: consul.port)], http: try HTTPClient(logger: logger),
                randomness: SeededRandomness(seed: 1), patience: .seconds(30), logger: logger)
            try await body(store)
            await consul.stop()
        }
    }
}
