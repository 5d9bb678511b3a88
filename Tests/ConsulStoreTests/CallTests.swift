import ClusterStore
import ConsulStandIn
import FoundationEssentials
import HTTPTransport
import NetworkModel
import StoreConformance
import TestSupport
import Testing

@testable import ConsulStore

struct CallTests {
    private let a = StoreKey(path: "a")

    @Test func `an agent that is gone is left for another, which is kept`() async throws {
        let first = try await ConsulStandIn.start()
        let second = try await first.anotherAgent()
        let store = try ConsulStore(ports: [first.port, second.port])
        try await store.put("a", "1")
        await first.stop()
        #expect(try await store.text("a") == "1")
        let asked = second.requests.count
        // Its connection is known to be refused: the write was not sent to it.
        try await store.put("a", "2")
        #expect(second.requests.count == asked + 1)
        try await first.restart()
        #expect(try await store.text("a") == "2")
    }

    @Test func `without a leader a write is known not to be made`() async throws {
        let consul = try await ConsulStandIn.start()
        let store = try ConsulStore(ports: [consul.port])
        try await store.put("a", "1")
        consul.fail(with: .noLeader)
        let write = try await failure { try await store.put("a", "2") }
        #expect(write.code == .unavailable && write.message.contains("No cluster leader"))
        #expect(try await failure { _ = try await store.get(a) }.code == .unavailable)
        consul.fail(with: .tooManyRequests)
        #expect(try await failure { try await store.put("a", "2") }.code == .unavailable)
        consul.fail(with: nil)
        #expect(try await store.text("a") == "1")
    }

    @Test func `a write whose answer was lost is told so and never made again`() async throws {
        let consul = try await ConsulStandIn.start()
        let other = try await consul.anotherAgent()
        let store = try ConsulStore(ports: [consul.port, other.port])
        consul.fail(with: .leadershipLost)
        let before = consul.requests.count
        let lost = try await failure { try await store.put("a", "1") }
        #expect(lost.code == .outcomeUnknown && lost.message.contains("leadership lost"))
        #expect(consul.requests.count == before + 1)
        consul.fail(with: nil)
        #expect(try await store.text("a") == "1")
    }

    @Test func `reads are consistent: they never see what a stale server has`() async throws {
        let consul = try await ConsulStandIn.start()
        let store = try ConsulStore(ports: [consul.port])
        try await store.put("a", "old")
        consul.freezeStaleReads()
        try await store.put("a", "new")
        #expect(try await store.text("a") == "new")
        #expect(try await store.list(.everything).entries.map(\.value) == [Array("new".utf8)])
        #expect(try await store.list([a, StoreKey(path: "b/")]).entries.map(\.value) == [Array("new".utf8)])
        let old = StoreTransaction([.absent(a)], then: [.delete(a)])
        guard case .conflict(let existing) = try await store.commit(old) else { throw TestProblem("no conflict") }
        #expect(existing[a]?.value == Array("new".utf8))
        let watch = Follower(store.watch(.everything))
        try await watch.reaches("the new value") { $0.values["a"] == "new" }
    }

    @Test func `every call has the token, the datacentre and the namespace`() async throws {
        var options = ConsulStandIn.Options()
        (options.token, options.datacenter, options.isEnterprise) = ("s3cret", "Nürnberg 2", true)
        let consul = try await ConsulStandIn.start(options)
        let access = ConsulAccess(token: .text("s3cret"), datacenter: "Nürnberg 2", namespace: "team-a")
        let store = try ConsulStore(ports: [consul.port], access: access)
        let lease = try await store.grantLease(lasting: .seconds(60))
        try await store.put("a", "1", lease: lease)
        try await store.renew(lease)
        _ = (try await store.get(a), try await store.list(.everything), try await store.list([a, StoreKey(path: "b/")]))
        try await store.revoke(lease)
        #expect(try await store.text("a") == nil)
        let requests = consul.requests
        #expect(requests.count >= 7)
        for request in requests {
            #expect(request.token == "s3cret" && request.query["dc"] == "Nürnberg 2" && request.query["ns"] == "team-a")
        }
        let elsewhere = try ConsulStore(
            ports: [consul.port], access: ConsulAccess(token: .text("s3cret"), datacenter: "Nürnberg 2", namespace: "team-b"))
        try await store.put("a", "1")
        #expect(try await elsewhere.text("a") == nil)
    }

    @Test func `a token that may not is denied, and never seen`() async throws {
        var options = ConsulStandIn.Options()
        options.token = "s3cret"
        let consul = try await ConsulStandIn.start(options)
        let lines = RecordingLog()
        let allowed = try ConsulStore(ports: [consul.port], access: ConsulAccess(token: .text("s3cret")))
        try await allowed.put("a", "1")
        for access in [ConsulAccess(), ConsulAccess(token: .text("wr0ng"))] {
            let store = try ConsulStore(ports: [consul.port], access: access, logger: lines.logger)
            for error in [
                try await failure { _ = try await store.get(a) },
                try await failure { _ = try await store.list(.everything) },
                try await failure { try await store.put("b", "1") },
                try await failure { _ = try await store.commit(StoreTransaction([.absent(a)], then: [.delete(a)])) },
                try await failure { _ = try await store.grantLease(lasting: .seconds(60)) },
            ] {
                #expect(error.code == .denied, "\(error)")
                #expect(!error.message.contains("wr0ng"))
            }
            // What a token cannot see is not told as gone.
            let watch = Follower(store.watch(.everything))
            try await watch.reaches("the denial") { $0.interruptions.first?.code == .denied }
            #expect(watch.view.snapshots == 0)
        }
        #expect(!"\(ConsulAccess(token: .text("s3cret")))".contains("s3cret"))
        #expect(!String(reflecting: ConsulAccess(token: .text("s3cret"))).contains("s3cret"))
        #expect(!lines.text.contains("wr0ng"))
        #expect(ConsulAccess(token: .text("s3cret")).withoutToken("token s3cret is old") == "token [token] is old")
    }

    @Test func `a token in a file may change while the store is used`() async throws {
        var options = ConsulStandIn.Options()
        options.token = "s3cret"
        let consul = try await ConsulStandIn.start(options)
        let folder = try TemporaryFolder()
        let store = try ConsulStore(ports: [consul.port], access: ConsulAccess(token: .file(folder.file("token"))))
        let missing = try await failure { try await store.put("a") }
        #expect(missing.code == .denied && missing.message.contains(folder.file("token")))
        try "old\n".write(toFile: folder.file("token"), atomically: true, encoding: .utf8)
        #expect(try await failure { try await store.put("a") }.code == .denied)
        try "s3cret\n".write(toFile: folder.file("token"), atomically: true, encoding: .utf8)
        try await store.put("a")
    }

    @Test func `bounds are refused by their names`() async throws {
        let consul = try await ConsulStandIn.start()
        let store = try ConsulStore(ports: [consul.port])
        let requests = consul.requests.count
        let large = try await failure { try await store.put("a", String(repeating: "x", count: 512 << 10)) }
        #expect(large.code == .rejected && large.message.contains("txn_max_req_len") && large.message.contains("524288"))
        let many = StoreTransaction([], then: (0..<64).map { .delete(StoreKey(path: "\($0)")) })
        let refused = try await failure { _ = try await store.commit(many) }
        #expect(refused.code == .rejected && refused.message.contains("65 operations, and 64 are the most"))
        let long = try await failure { _ = try await store.grantLease(lasting: .seconds(86_401)) }
        #expect(long.code == .rejected && long.message.contains("86400 s are the most"))
        #expect(consul.requests.count == requests)
        // A server may allow less than is usual.
        var options = ConsulStandIn.Options()
        options.mostBytes = 1000
        let sparing = try await ConsulStandIn.start(options)
        let small = try ConsulStore(ports: [sparing.port])
        let refusal = try await failure { try await small.put("a", String(repeating: "x", count: 1000)) }
        #expect(refusal.code == .rejected && refusal.message.contains("1000 bytes"))
    }

    @Test func `calls that wait their turn at an agent that answers others are not lost (lesson 11)`() async throws {
        let answer = #"{"Results":null,"Errors":[{"OpIndex":0,"What":"key \"skein/a\" doesn't exist"}]}"#
        // All of them take longer than any of them may be kept waiting in silence.
        let server = try FakeServer.inTurn(answer, status: "409 Conflict", each: 0.5)
        var limits = ConsulLimits.generous
        limits.answer = .seconds(4)
        let store = try ConsulStore(ports: [server.port], limits: limits)
        try await withThrowingTaskGroup { group in
            for _ in 0..<10 { group.addTask { try await store.get(a) } }
            for try await entry in group { #expect(entry == nil) }
        }
        #expect(server.requests.count == 10, "none was made a second time")
    }

    @Test func `what is no Consul is told so`() async throws {
        let server = try FakeServer { connection in
            while connection.request() != nil { try connection.answer("{}", status: "404 Not Found") }
        }
        let store = try ConsulStore(ports: [server.port])
        #expect(try await failure { _ = try await store.get(a) }.code == .malformedAnswer)
        #expect(try await failure { _ = try await store.list(.everything) }.code == .malformedAnswer)
        #expect(try await failure { _ = try await store.grantLease(lasting: .seconds(60)) }.code == .malformedAnswer)
    }

    @Test func `a session is a lease: no health check ends it, its keys go with it, and they can be taken at once`() async throws {
        let consul = try await ConsulStandIn.start()
        let store = try ConsulStore(ports: [consul.port])
        let lease = try await store.grantLease(lasting: .seconds(1))
        try await store.put("a", "1", lease: lease)
        consul.failSerfHealth()
        try await store.renew(lease)
        consul.expire(lease.rawValue)
        #expect(try await failure { try await store.renew(lease) }.code == .leaseNotFound)
        let next = try await store.grantLease(lasting: .seconds(1))
        guard case .committed = try await store.commit(StoreTransaction([.absent(a)], then: [.put(a, [], lease: next)])) else {
            throw TestProblem("the key of a session that has ended cannot be taken")
        }
    }
}
