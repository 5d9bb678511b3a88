import ClusterStore
import ConsulStandIn
import StoreConformance
import TestSupport
import Testing

@testable import ConsulStore

/// One stand-in for each rule, with sessions on a clock that the rules move; and a real Consul for all rules, where there is one.
@Suite(.serialized) struct ConformanceTests {
    private struct StandInBench: StoreBench {
        let clock: ManualClock
        let consul: ConsulStandIn

        func store(root: String) async throws -> any ClusterStore { try ConsulStore(ports: [consul.port], root: root) }

        func pass(_ time: Duration) async throws {
            clock.advance(by: time)
            consul.endDueSessions()
        }

        func restart() async throws -> Bool {
            try await consul.restart()
            return true
        }
    }

    @Test(arguments: StoreRule.all)
    func `the stand-in of Consul keeps the rule`(rule: StoreRule) async throws {
        let clock = ManualClock()
        try await rule.check(on: StandInBench(clock: clock, consul: try await ConsulStandIn.start(clock: clock)))
    }

    private struct RealBench: StoreBench {
        let consul: RealConsul

        func store(root: String) async throws -> any ClusterStore { try consul.store(root: root) }
    }

    @Test(.enabled(if: RealConsul.isThere, "no consul is on the PATH, and CONSUL_HTTP_ADDR is not set"), arguments: StoreRule.all)
    func `a real Consul keeps the rule`(rule: StoreRule) async throws {
        let consul = try await RealConsul.start()
        try await rule.check(on: RealBench(consul: consul))
        try await consul.clean()
    }
}
