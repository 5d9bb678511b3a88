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

    @Test func `bound a call to the store, in time for a lease`() throws {
        #expect(try StoreOptions().timeout == nil)
        #expect(try StoreOptions(["kv.timeout=20"]).timeout == .seconds(20))
        for options in [["discovery.ttl=15"], ["discovery.heartbeat=5"], ["discovery.heartbeat=9", "discovery.ttl=19"]] {
            #expect(try StoreOptions(["kv.timeout=5"] + options).timeout == .seconds(5))
        }
    }

    @Test(
        arguments: [
            (["kv.timeout=0"], "kv.timeout=0"),
            (["kv.timeout=1s"], "kv.timeout=1s"),
            (["kv.timeout=21"], "give less, or discovery.ttl=63 at least"),
            (["kv.timeout=6", "discovery.ttl=15"], "discovery.ttl=18"),
            (["kv.timeout=6", "discovery.heartbeat=10", "discovery.ttl=15"], "discovery.ttl=22"),
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
            (["kv.cacertfile=/ca", "kv.keyfile=/key"], "kv.certfile is missing"),
            (["kv.cacertfile=/ca", "kv.certfile=/cert"], "kv.keyfile is missing"),
            (["kv.certfile=/cert", "kv.keyfile=/key"], "kv.cacertfile is missing"),
            (["kv.certfile=/cert"], "kv.cacertfile, kv.keyfile is missing"),
            (["kv.username=skein"], "kv.passwordfile is missing"),
            (["kv.passwordfile=/password"], "kv.username is missing"),
            (["kv.username=skein", "kv.password=a", "kv.passwordfile=/b"], "give one of them"),
            (["kv.username=skein", "kv.password=a", "kv.password=b"], "kv.password is given twice"),
        ] as [([String], String)])
    func `are refused by name`(options: [String], offender: String) {
        let refusal = #expect(throws: InvalidValue.self) { try StoreOptions(options) }
        #expect(refusal?.message.contains(offender) == true, "\(refusal?.message ?? "")")
    }

    @Test func `give user and password, and never show the password`() throws {
        let options = try StoreOptions(["kv.username=skein", "kv.password=hush=hush"])
        #expect(options.credentials == Credentials(user: "skein", password: .text("hush=hush")))
        #expect(!"\(options) \(String(reflecting: options))".contains("hush"))
        var dumped = ""
        dump(options, to: &dumped)
        #expect(!dumped.contains("hush"))
        let file = try StoreOptions(["kv.username=skein", "kv.passwordfile=/etc/skein/password"])
        #expect(file.credentials?.password == .file("/etc/skein/password"))
        for flaw in [["kv.password:hush"], ["kv.password-hush=x"], ["kv.username=skein", "kv.password=hush", "kv.password=hush"]] {
            let refusal = #expect(throws: InvalidValue.self) { try StoreOptions(flaw) }
            #expect(refusal?.message.contains("hush") == false, "\(refusal?.message ?? "")")
        }
    }

    @Test func `turn TLS on with an authority alone: the store is known then, and does not ask who we are`() throws {
        #expect(try StoreOptions(["kv.cacertfile=/ca"]).tls == TLSFiles(caFile: "/ca"))
    }

    @Test func `turn TLS on with all three files`() throws {
        let options = try StoreOptions(["kv.cacertfile=/ca", "kv.certfile=/cert", "kv.keyfile=/key=2"])
        #expect(options.tls == TLSFiles(caFile: "/ca", certificateFile: "/cert", keyFile: "/key=2"))
        #expect(try StoreOptions().tls == nil)
    }
}
