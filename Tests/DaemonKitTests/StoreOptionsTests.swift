import HTTPTransport
import NetworkModel
import Testing

@testable import DaemonKit

/// The table of Docker's own test (moby 20.10, daemon/discovery/discovery_test.go) and what it leaves out.
@Suite struct `The options of a store` {
    @Test(
        arguments: [
            ([], 20, 60),
            (["discovery.heartbeat=10"], 10, 30),
            (["discovery.ttl=30"], 10, 30),
            (["discovery.heartbeat=10", "discovery.ttl=20"], 10, 20),
            (["discovery.heartbeat=1", "discovery.ttl=2"], 1, 2),
        ] as [([String], Int, Int)])
    func `derive the heartbeat and the life of a lease as Docker does`(options: [String], heartbeat: Int, timeToLive: Int) throws {
        let options = try StoreOptions(options)
        #expect(options.heartbeat == .seconds(heartbeat))
        #expect(options.timeToLive == .seconds(timeToLive))
    }

    @Test func `keep a heartbeat below a second`() throws {
        #expect(try StoreOptions(["discovery.ttl=1"]).heartbeat < .milliseconds(334))
    }

    @Test(
        arguments: [
            (["discovery.heartbeat=0"], "discovery.heartbeat=0"),
            (["discovery.heartbeat=-5"], "discovery.heartbeat=-5"),
            (["discovery.ttl=invalid"], "discovery.ttl=invalid"),
            (["discovery.ttl=1.5"], "discovery.ttl=1.5"),
            (["discovery.ttl=99999999999999999999"], "discovery.ttl=99999999999999999999"),
            (["discovery.heartbeat=10", "discovery.ttl=10"], "discovery.ttl=10"),
            (["discovery.heartbeat=10", "discovery.ttl=5"], "discovery.ttl=5"),
            (["discovery.colour=red"], "\"discovery.colour\""),
            (["discovery.ttl"], "\"discovery.ttl\""),
            (["discovery.ttl="], "\"discovery.ttl=\""),
            (["discovery.ttl=5", "discovery.ttl=6"], "twice"),
            (["kv.path=/"], "kv.path"),
            (["kv.path=a b"], "kv.path"),
            (["kv.cacertfile=/ca"], "kv.certfile, kv.keyfile"),
            (["kv.cacertfile=/ca", "kv.keyfile=/key"], "kv.certfile"),
        ] as [([String], String)])
    func `are refused by name`(options: [String], offender: String) {
        let refusal = #expect(throws: InvalidValue.self) { try StoreOptions(options) }
        #expect(refusal?.message.contains(offender) == true, "\(refusal?.message ?? "")")
    }

    @Test func `turn TLS on with all three files`() throws {
        let options = try StoreOptions(["kv.cacertfile=/ca", "kv.certfile=/cert", "kv.keyfile=/key=2"])
        #expect(options.tls == TLSFiles(caFile: "/ca", certificateFile: "/cert", keyFile: "/key=2"))
        #expect(try StoreOptions().tls == nil)
    }
}
