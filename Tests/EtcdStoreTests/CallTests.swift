import ClusterStore
import Synchronization
import TestSupport
import Testing

@testable import EtcdStore

/// What a caller is told when an endpoint does not answer, or not well. The fake answers as etcd never would.
@Suite(.timeLimit(.minutes(2))) struct CallTests {
    private let key = StoreKey(path: "k")
    private static let empty = #"{"header":{"cluster_id":"1","revision":"7","raft_term":"2"}}"#
    private static let written =
        #"{"header":{"cluster_id":"1","revision":"8","raft_term":"2"},"succeeded":true,"responses":[{"response_put":{}}]}"#

    @Test func `a store that is down is named with the cause (lesson 10)`() async throws {
        let closed = try ClosedPorts(2)
        defer { withExtendedLifetime(closed) {} }
        let ports = closed.ports
        let store = try EtcdStore(ports: ports, root: "prod/skein")
        let error = try await failure { try await store.put("k") }
        #expect(error.code == .unavailable)
        #expect(
            error.message == "the store etcd://127.0.0.1:\(ports[0]),127.0.0.1:\(ports[1])/prod/skein does not answer: "
                + "cannot connect to 127.0.0.1:\(ports[0]): connection refused; cannot connect to 127.0.0.1:\(ports[1]): connection refused"
        )
    }

    @Test func `every operation on a store that hangs fails within a bound (lesson 10)`() async throws {
        let server = try FakeServer { $0.waitUntilClosed() }
        let limits = EtcdLimits(answer: .milliseconds(500), list: .milliseconds(500))
        let store = try EtcdStore(ports: [server.port], limits: limits)
        #expect(try await failure { _ = try await store.get(key) }.code == .unavailable)
        #expect(try await failure { _ = try await store.list(key) }.code == .unavailable)
        #expect(try await failure { _ = try await store.grantLease(lasting: .seconds(1)) }.code == .unavailable)
        #expect(try await failure { try await store.renew(LeaseID("7")) }.code == .unavailable)
        let error = try await failure { try await store.put("k") }
        #expect(error.code == .outcomeUnknown)
        #expect(error.message.contains("127.0.0.1:\(server.port) did not answer in time"))
    }

    @Test func `whoever has waited for one endpoint waits less for all of them, once (lesson 10)`() {
        let endpoints = ["a", "b"].map { EtcdEndpoint(host: $0, port: 1) }
        var patience = EtcdPatience(usual: .seconds(1), for: endpoints)
        let first = patience.next(endpoints[0])
        #expect(first == .seconds(1))
        patience.passed(after: first)
        for endpoint in endpoints {
            let second = patience.next(endpoint)
            #expect(second == .milliseconds(250))
            patience.passed(after: second)
        }
        #expect(patience.next(endpoints[0]) == .seconds(1) && patience.next(endpoints[1]) == .seconds(1))
    }

    @Test func `an endpoint that answers others after one call was lost has the whole time for the next`() {
        let endpoints = ["a", "b"].map { EtcdEndpoint(host: $0, port: 1) }
        var patience = EtcdPatience(usual: .seconds(1), for: endpoints)
        patience.passed(after: .seconds(1))
        patience.worked(endpoints[0])
        #expect(patience.next(endpoints[0]) == .seconds(1))
        #expect(patience.next(endpoints[1]) == .milliseconds(250), "it has shown nothing")
    }

    @Test func `a store that was slow of late is given longer, and no more than three times as long`() {
        let endpoint = EtcdEndpoint(host: "a", port: 1)
        var patience = EtcdPatience(usual: .seconds(1), for: [endpoint])
        patience.answered(after: .milliseconds(5))
        #expect(patience.next(endpoint) == .seconds(1))
        patience.answered(after: .milliseconds(700))
        #expect(patience.next(endpoint) == .milliseconds(2100))
        patience.answered(after: .seconds(2))
        let longest = patience.next(endpoint)
        #expect(longest == .seconds(3))
        patience.passed(after: longest)
        let hurried = patience.next(endpoint)
        #expect(hurried == .milliseconds(750))
        patience.passed(after: hurried)
        #expect(patience.next(endpoint) == .seconds(3), "who hurried in vain does not hurry again")
        for _ in 0..<20 { patience.answered(after: .milliseconds(5)) }
        #expect(patience.next(endpoint) == .seconds(1))
        var asTold = EtcdPatience(usual: .seconds(10), for: [endpoint])
        asTold.answered(after: .seconds(9))
        #expect(asTold.next(endpoint) == .seconds(10))
    }

    @Test func `a call that waits its turn at an etcd that answers others is not lost (lesson 11)`() async throws {
        // All of them take longer than any of them may be kept waiting in silence.
        let server = try FakeServer.inTurn(Self.written, each: 0.5)
        let store = try EtcdStore(ports: [server.port], limits: EtcdLimits(connect: .seconds(30), answer: .seconds(4)))
        try await withThrowingTaskGroup { group in
            for number in 0..<10 { group.addTask { try await store.put("\(number)") } }
            try await group.waitForAll()
        }
    }

    @Test func `a write whose answer is lost is told so, and never made again`() async throws {
        let server = try FakeServer { connection in
            _ = connection.request()
            connection.reset()
        }
        let spare = try FakeServer { connection in while connection.request() != nil { try connection.answer(Self.empty) } }
        let store = try EtcdStore(ports: [server.port, spare.port])
        let error = try await failure { try await store.put("k") }
        #expect(error.code == .outcomeUnknown)
        #expect(server.requests.count == 1 && spare.requests.isEmpty)
    }

    @Test func `a write that was not sent is made on another endpoint, which is kept`() async throws {
        let etcd = try await EtcdServer.start()
        let dead = try ClosedPorts(1)
        defer { withExtendedLifetime(dead) {} }
        let store = try EtcdStore(ports: dead.ports + [etcd.port])
        try await store.put("k", "v")
        #expect(try await store.get(key)?.value == Array("v".utf8))
        let late = try FakeServer { connection in while connection.request() != nil { try connection.answer(Self.empty) } }
        let kept = try EtcdStore(ports: [late.port, etcd.port])
        for _ in 0..<5 { _ = try await kept.get(key) }
        #expect(late.requests.count == 5, "it stays with the first while that answers")
    }

    @Test func `a read whose answer is lost is made again, on another endpoint or on the only one`() async throws {
        let lost = Atomic(0)
        let answered = Self.empty
        let flaky = try FakeServer { connection in
            while connection.request() != nil {
                guard lost.add(1, ordering: .relaxed).newValue > 1 else { return connection.reset() }
                try connection.answer(answered)
            }
        }
        #expect(try await EtcdStore(ports: [flaky.port]).get(key) == nil)
        let broken = try FakeServer { connection in
            _ = connection.request()
            connection.reset()
        }
        #expect(try await EtcdStore(ports: [broken.port, flaky.port]).get(key) == nil)
        #expect(broken.requests.count == 1)
        let error = try await failure { _ = try await EtcdStore(ports: [broken.port]).get(key) }
        #expect(error.code == .unavailable && broken.requests.count == 3)
    }

    @Test(arguments: [
        (#"{"error":"x","message":"etcdserver: request timed out","code":14}"#, "503 Service Unavailable", StoreError.Code.outcomeUnknown),
        (#"{"error":"x","message":"etcdserver: no leader","code":14}"#, "503 Service Unavailable", .unavailable),
        (#"{"message":"etcdserver: too many requests","code":8}"#, "503 Service Unavailable", .unavailable),
        (#"{"message":"etcdserver: mvcc: database space exceeded","code":8}"#, "503 Service Unavailable", .outOfSpace),
        (#"{"message":"raft proposal dropped","code":2}"#, "500 Internal Server Error", .unavailable),
        (#"{"message":"grpc: received message larger than max (3000011 vs. 2097152)","code":8}"#, "429 Too Many Requests", .rejected),
        (#"{"message":"etcdserver: permission denied","code":7}"#, "403 Forbidden", .denied),
        (#"{"message":"etcdserver: requested lease not found","code":5}"#, "404 Not Found", .leaseNotFound),
        (#"{"message":"etcdserver: too many operations in txn request","code":3}"#, "400 Bad Request", .rejected),
        ("Not Found", "404 Not Found", .malformedAnswer),
        ("<html>bad gateway</html>", "502 Bad Gateway", .outcomeUnknown),
        ("{]", "200 OK", .outcomeUnknown),
    ])
    func `a refusal is told for what it is`(body: String, status: String, code: StoreError.Code) async throws {
        let server = try FakeServer { connection in while connection.request() != nil { try connection.answer(body, status: status) } }
        let error = try await failure { try await EtcdStore(ports: [server.port]).put("k") }
        #expect(error.code == code)
        #expect(error.message.contains("127.0.0.1:\(server.port)"))
    }

    @Test func `a frozen etcd does not hold up a reader that knows another`() async throws {
        let (first, second) = (try await EtcdServer.start(), try await EtcdServer.start())
        let store = try EtcdStore(ports: [first.port, second.port], limits: EtcdLimits(connect: .seconds(30), answer: .seconds(4)))
        _ = try await EtcdStore(ports: [second.port]).put("k", "on the second")
        _ = try await store.get(key)
        first.freeze()
        // It is another cluster, which is believed at its second answer.
        try await eventually("the second is read") { (try? await store.get(key)) != nil }
    }

    @Test func `more prefixes than a transaction may read are listed at one revision`() async throws {
        let etcd = try await EtcdServer.start()
        let store = try EtcdStore(ports: [etcd.port])
        let prefixes = (0..<300).map { StoreKey(path: "p\(1000 + $0)/") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 0..<100 {
                    let token = StoreOperation.put(StoreKey(path: "p\(number.isMultiple(of: 2) ? 1299 : 1000)/token"), [])
                    let other = StoreOperation.delete(StoreKey(path: "p\(number.isMultiple(of: 2) ? 1000 : 1299)/token"))
                    _ = try await store.commit(StoreTransaction([], then: [token, other]))
                }
            }
            group.addTask {
                for _ in 0..<50 {
                    let snapshot = try await store.list(prefixes)
                    #expect(snapshot.entries.count == (snapshot.revision.rawValue > 1 ? 1 : 0))
                }
            }
            try await group.waitForAll()
        }
    }
}
