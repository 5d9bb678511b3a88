import ClusterStore
import ConsulStandIn
import FaultProxy
import StoreFaults
import TestSupport
import Testing

@testable import ConsulStore

/// Faults between a client and the stand-in of Consul.
@Suite(.timeLimit(.minutes(5))) struct FaultTests {
    private struct Bench: FaultBench {
        let consul: ConsulStandIn
        var port: UInt16 { consul.port }

        func store(at ports: [UInt16], root: String, patience: Duration, trust: Duration) throws -> any ClusterStore {
            try ConsulStore(
                ports: ports, root: root, limits: ConsulLimits(connect: patience, answer: patience, list: patience, wait: .seconds(2)))
        }

        /// A blocking query is answered at its end, whole.
        static var streams: Bool { false }
        /// An index may go back, and transactions tell none.
        static var tellsTime: Bool { false }

        static func isWatch(_ request: FakeRequest) -> Bool { request.line.contains("index=") }

        static var impostors: [String] { ["{}", #"{"Results":null}"#, #"{"status":"ok"}"#, "null", #""ok""#, ""] }

        static func emptyList(at revision: StoreRevision) -> Fault? { nil }
        static func isList(_ request: FakeRequest) -> Bool { request.line.contains("recurse") }
    }

    @Test(arguments: FaultRule.all)
    func `the client of Consul keeps the rule`(rule: FaultRule) async throws {
        let consul = try await ConsulStandIn.start()
        try await rule.check(on: Bench(consul: consul))
    }
}
