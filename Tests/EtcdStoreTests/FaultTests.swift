import ClusterStore
import FaultProxy
import StoreFaults
import TestSupport
import Testing

@testable import EtcdStore

@Suite(.timeLimit(.minutes(5))) struct FaultTests {
    private struct Bench: FaultBench, EtcdFaults {
        let etcd: EtcdServer
        var port: UInt16 { etcd.port }

        func store(at ports: [UInt16], root: String, patience: Duration, trust: Duration) throws -> any ClusterStore {
            try EtcdStore(
                ports: ports, root: root,
                limits: EtcdLimits(connect: patience, answer: patience, list: patience, trust: trust))
        }
    }

    @Test(arguments: FaultRule.all)
    func `etcd's client keeps the rule`(rule: FaultRule) async throws {
        try await rule.check(on: Bench(etcd: try await EtcdServer.start()))
    }
}
