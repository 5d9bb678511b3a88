import ClusterStore
import EmbeddedStore
import FaultProxy
import HTTPTransport
import StoreFaults
import TestSupport
import Testing

@testable import EtcdStore

/// Our client and our server with faults between them: what a host of a cluster with an embedded store may meet.
@Suite(.timeLimit(.minutes(5))) struct ServedFaultTests {
    private struct Bench: FaultBench, EtcdFaults {
        let port: UInt16

        func store(at ports: [UInt16], root: String, patience: Duration, trust: Duration) throws -> any ClusterStore {
            EtcdStore(
                EndpointRotation(ports.map { ServerEndpoint(host: "127.0.0.1", port: $0) }), root: root,
                http: try HTTPClient(logger: quiet),
                clock: ContinuousClock(), randomness: SeededRandomness(seed: 1),
                limits: EtcdLimits(connect: patience, answer: patience, list: patience, trust: trust), logger: quiet)
        }
    }

    @Test(arguments: FaultRule.all)
    func `the client of a served embedded store keeps the rule`(rule: FaultRule) async throws {
        let embedded = try EmbeddedStore(path: ":memory:", clock: ContinuousClock(), logger: quiet)
        try await Server.run(embedded.served) { server in try await rule.check(on: Bench(port: server.port)) }
    }
}
