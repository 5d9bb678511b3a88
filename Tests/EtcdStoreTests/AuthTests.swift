import ClusterStore
import FaultProxy
import HTTPTransport
import StoreConformance
import Synchronization
import TestSupport
import Testing

@testable import EtcdStore

/// An etcd with users, and what becomes of tokens.
@Suite(.timeLimit(.minutes(3))) struct AuthTests {
    private static let password = "correct-horse"
    private let everything = StoreKey(path: "")
    private let skein = Credentials(user: "skein", password: .text(password))

    private func etcd(prefix: String = "skein/", _ flags: String...) async throws -> (EtcdServer, EtcdUsers) {
        let etcd = try await EtcdServer.start(flags)
        return (etcd, try await EtcdUsers.make(etcd, user: "skein", password: Self.password, prefix: prefix))
    }

    @Test func `a user with the right to one prefix can do everything that Skein does`() async throws {
        let (etcd, _) = try await etcd()
        let log = RecordedLog()
        let store = try EtcdStore(ports: [etcd.port], credentials: skein, logger: log.logger)
        let follower = Follower(store.watch(everything))
        let lease = try await store.grantLease(lasting: .seconds(60))
        try await store.renew(lease)
        _ = try await store.commit(StoreTransaction([.absent("a")], then: [.put("a", [1], lease: lease), .put("b/c", [2])]))
        try await follower.reaches("both") { $0.values.count == 2 }
        _ = try await store.commit(StoreTransaction([.present("a")], then: [.deleteChildren("b/")]))
        try await store.revoke(lease)
        try await follower.reaches("nothing") { $0.values.isEmpty && $0.revision.rawValue > 2 }
        #expect(try await store.list([everything, StoreKey(path: "b/")]).entries.isEmpty)
        #expect(follower.view.interruptions.isEmpty)
        #expect(!log.text.contains(Self.password))
    }

    @Test func `a wrong password is denied with the user's name, and never shown (lesson 9)`() async throws {
        let (etcd, _) = try await etcd()
        let log = RecordedLog()
        let wrong = Credentials(user: "skein", password: .text("hush-hush"))
        let store = try EtcdStore(ports: [etcd.port], credentials: wrong, logger: log.logger)
        let error = try await failure { try await store.put("k") }
        #expect(error.code == .denied)
        #expect(
            error.message
                == "the store etcd://127.0.0.1:\(etcd.port)/skein refuses the password of user \"skein\": 127.0.0.1:\(etcd.port): "
                + "etcdserver: authentication failed, invalid user ID or password; correct kv.username or what kv.passwordfile holds")
        let follower = Follower(store.watch(everything))
        try await follower.reaches("the refusal") { $0.interruptions.first?.code == .denied }
        #expect(!"\(error) \(follower.view.interruptions) \(log.text) \(wrong)".contains("hush-hush"))
    }

    @Test func `a caller without a name is told which option is missing (lesson 9)`() async throws {
        let (etcd, _) = try await etcd()
        let store = try EtcdStore(ports: [etcd.port])
        let error = try await failure { try await store.put("k") }
        #expect(error.code == .denied)
        #expect(error.message.contains("user name is empty; give --cluster-store-opt kv.username=NAME and kv.passwordfile=FILE"))
        let follower = Follower(store.watch(everything))
        try await follower.reaches("the refusal") { $0.interruptions.first?.code == .denied }
    }

    @Test func `a user without the right to the root is told so, with what to grant`() async throws {
        let (etcd, _) = try await etcd(prefix: "other/")
        let store = try EtcdStore(ports: [etcd.port], root: "prod/skein", credentials: skein)
        let write = try await failure { try await store.put("k") }
        let read = try await failure { _ = try await store.get("k") }
        for error in [write, read] {
            #expect(error.code == .denied)
            #expect(error.message.contains("refuses user \"skein\" what is below \"prod/skein/\""))
            #expect(error.message.contains("etcdctl role grant-permission ROLE --prefix=true readwrite prod/skein/"))
        }
        let follower = Follower(store.watch(everything))
        try await follower.reaches("the refusal") { $0.interruptions.first?.code == .denied }
    }

    @Test func `when rights change under load every call goes on with a new token`() async throws {
        let (etcd, users) = try await etcd()
        let store = try EtcdStore(ports: [etcd.port], credentials: skein)
        let follower = Follower(store.watch(everything))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask { for number in 0..<40 { try await store.put("w\(writer)/\(number)") } }
            }
            group.addTask {
                for _ in 0..<4 {
                    let written = follower.view.values.count
                    try await users.forgetTokens(of: skein)
                    // A call gives up after some tokens: rights change less often than calls are made.
                    try await eventually("calls go on") { follower.view.values.count >= min(written + 20, 8 * 40) }
                }
            }
            try await group.waitForAll()
        }
        try await follower.reaches("all writes") { $0.values.count == 8 * 40 }
        #expect(follower.view.interruptions.isEmpty)
    }

    @Test func `a watch whose token has grown old is opened with a new one, and that is no interruption`() async throws {
        let (etcd, users) = try await etcd()
        let way = try FaultProxy(to: etcd.port)
        let watching = try EtcdStore(ports: [way.port, etcd.port], credentials: skein)
        let writing = try EtcdStore(ports: [etcd.port], credentials: skein)
        let follower = Follower(watching.watch(everything))
        try await writing.put("a")
        try await follower.reaches("the first write") { $0.values["a"] != nil }
        try await users.forgetTokens(of: skein)
        way.cut()
        try await writing.put("b")
        try await follower.reaches("the second write") { $0.values["b"] != nil }
        #expect(follower.view.snapshots == 1 && follower.view.interruptions.isEmpty)
    }

    @Test func `a password that has changed in its file needs no restart`() async throws {
        let (etcd, users) = try await etcd()
        let folder = try TemporaryFolder()
        let file = folder.file("password")
        try (Self.password + "\n").write(toFile: file)
        let store = try EtcdStore(ports: [etcd.port], credentials: Credentials(user: "skein", password: .file(file)))
        try await store.put("a")
        try await users.setPassword("battery-staple", of: "skein")
        #expect(try await failure { try await store.put("b") }.message.contains("refuses the password of user \"skein\""))
        try "battery-staple".write(toFile: file)
        try await store.put("b")
        try "".write(toFile: file)
        try await users.setPassword("battery-staple", of: "skein")
        #expect(try await failure { try await store.put("c") }.message.hasSuffix("no password of user \"skein\": '\(file)' is empty"))
        let missing = try EtcdStore(ports: [etcd.port], credentials: Credentials(user: "skein", password: .file(folder.file("none"))))
        let error = try await failure { try await missing.put("c") }
        #expect(error.code == .denied && error.message.contains("cannot read '\(folder.file("none"))': no such file or directory"))
    }

    @Test func `a store may be given users while it is used, and lose them`() async throws {
        let etcd = try await EtcdServer.start()
        let store = try EtcdStore(ports: [etcd.port], credentials: skein)
        try await store.put("before")
        let users = try await EtcdUsers.make(etcd, user: "skein", password: Self.password, prefix: "skein/")
        try await store.put("with")
        try await users.disable()
        try await store.put("after")
    }
}

/// What is asked of an endpoint for a token. The fake answers as etcd does.
@Suite(.timeLimit(.minutes(2))) struct TokenTests {
    private let skein = Credentials(user: "skein", password: .text("secret"))
    private static let refusal = #"{"error":"x","message":"etcdserver: invalid auth token","code":16}"#

    /// The answer to a transaction of one put.
    private static func done(_ revision: Int) -> String {
        #"{"header":{"revision":"\#(revision)"},"succeeded":true,"responses":[{"response_put":{"header":{}}}]}"#
    }

    /// An etcd whose tokens are numbers, and which accepts those that a rule does.
    private static func server(_ accepts: @escaping @Sendable (Int) -> Bool) throws -> (FakeServer, asked: CountedTokens) {
        let (count, writes) = (CountedTokens(), CountedTokens())
        let server = try FakeServer { connection in
            while let request = connection.request() {
                if request.line.hasSuffix("/v3/auth/authenticate") {
                    try connection.answer(#"{"token":"\#(count.next())"}"#)
                } else if let token = token(request), accepts(token) {
                    try connection.answer(done(writes.next()))
                } else {
                    try connection.answer(refusal, status: "401 Unauthorized")
                }
            }
        }
        return (server, count)
    }

    private static func token(_ request: FakeRequest) -> Int? {
        let field = request.head.split(separator: "\r\n").first { $0.hasPrefix("Authorization: ") }
        return field.flatMap { Int($0.dropFirst("Authorization: ".count)) }
    }

    @Test func `of many calls that need a token one asks for it`() async throws {
        let (server, asked) = try Self.server { $0 == 1 }
        let store = try EtcdStore(ports: [server.port], credentials: skein)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 { group.addTask { try await store.put("k\(number)") } }
            try await group.waitForAll()
        }
        #expect(asked.count == 1)
    }

    @Test func `a token that is never accepted is denied, after a few`() async throws {
        let (server, asked) = try Self.server { _ in false }
        let error = try await failure { try await EtcdStore(ports: [server.port], credentials: skein).put("k") }
        #expect(error.code == .denied && error.message.contains("user \"skein\"") && !error.message.contains("secret"))
        #expect(asked.count == 4)
    }

    @Test func `a write whose token could not be got was not made`() async throws {
        let silent = try FakeServer { $0.waitUntilClosed() }
        let store = try EtcdStore(ports: [silent.port], limits: EtcdLimits(answer: .milliseconds(50)), credentials: skein)
        #expect(try await failure { try await store.put("k") }.code == .unavailable)
        let (server, _) = try Self.server { _ in true }
        let limits = EtcdLimits(connect: .seconds(30), answer: .seconds(8))
        try await EtcdStore(ports: [silent.port, server.port], limits: limits, credentials: skein).put("k")
    }
}

final class CountedTokens: Sendable {
    private let tokens = Atomic(0)
    var count: Int { tokens.load(ordering: .relaxed) }
    func next() -> Int { tokens.add(1, ordering: .relaxed).newValue }
}
