import ClusterStore
import EtcdStore
import StoreConformance
import TestSupport
import Testing

/// One etcd for each rule: some of them end it.
@Suite(.serialized) struct ConformanceTests {
    private struct Bench: StoreBench {
        let etcd: EtcdServer

        func store(root: String) async throws -> any ClusterStore { try EtcdStore(ports: [etcd.port], root: root) }

        func compact() async throws -> Bool {
            try await etcd.compact(at: try await etcd.revision())
            return true
        }

        func restart() async throws -> Bool {
            try await etcd.restart()
            return true
        }
    }

    @Test(arguments: StoreRule.all)
    func `etcd keeps the rule`(rule: StoreRule) async throws {
        try await rule.check(on: Bench(etcd: EtcdServer.start()))
    }
}
