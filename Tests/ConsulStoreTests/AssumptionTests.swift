import ClusterStore
import ConsulStandIn
import FoundationEssentials
import HTTPTransport
import NetworkModel
import TestSupport
import Testing

@testable import ConsulStore

/// What `docs/design/store.md` takes for granted of Consul, by its numbers: as raw calls, to the stand-in and to a real Consul.
@Suite(.serialized) struct AssumptionTests {
    enum Subject: String, CaseIterable, CustomTestStringConvertible, Sendable {
        case standIn, real

        var testDescription: String { self == .standIn ? "the stand-in" : "a real Consul" }
        static var present: [Subject] { RealConsul.isThere ? allCases : [.standIn] }
    }

    @Test(arguments: Subject.present)
    func `1 a transaction is carried out as a whole or not at all, and tells what failed of each operation`(subject: Subject) async throws {
        let raw = try await RawConsul(subject)
        _ = try await raw.transact("set a=1", "set b=1")
        let refused = try await raw.transact("set c=1", "check-not-exists a", "check-index b 1", "get d")
        #expect(refused.status == 409)
        #expect(refused.errors.map(\.operation) == [1, 2, 3])
        #expect(refused.errors.last.map { ConsulText.isAbsence($0.what) } == true)
        #expect(try await raw.transact("get c").status == 409)
    }

    @Test(arguments: Subject.present)
    func `2 all that a transaction writes has one index, higher than before, and deletions tell none`(subject: Subject) async throws {
        let raw = try await RawConsul(subject)
        let first = try await raw.transact("set a=1", "set b=1")
        #expect(first.entries.count == 2 && Set(first.entries.map(\.modifyIndex)).count == 1)
        let second = try await raw.transact("set a=2", "delete b")
        #expect(second.entries.map(\.key) == [raw.root + "a"])
        #expect(second.entries[0].modifyIndex > first.entries[0].modifyIndex)
        #expect(second.entries[0].createIndex == first.entries[0].createIndex)
        #expect(try await raw.transact("delete a", "delete a", "delete-tree none/").status == 200)
    }

    @Test(arguments: Subject.present)
    func `3 a set that changes nothing leaves the index, and other flags are a change`(subject: Subject) async throws {
        let raw = try await RawConsul(subject)
        let first = try await raw.transact("set a=1")
        let same = try await raw.transact("set a=1")
        #expect(same.entries[0].modifyIndex == first.entries[0].modifyIndex)
        let marked = try await raw.transact("set a=1 flags 5")
        #expect(marked.entries[0].modifyIndex > first.entries[0].modifyIndex)
    }

    @Test(arguments: Subject.present)
    func `4 cas with index 0 creates, and with another index changes only what has it`(subject: Subject) async throws {
        let raw = try await RawConsul(subject)
        let created = try await raw.transact("cas a=1 0")
        #expect(created.status == 200)
        #expect(try await raw.transact("cas a=2 0").status == 409)
        let index = created.entries[0].modifyIndex
        #expect(try await raw.transact("cas a=2 \(index + 1)").status == 409)
        #expect(try await raw.transact("cas a=2 \(index)").status == 200)
        #expect(try await raw.transact("cas none=1 \(index)").status == 409)
    }

    @Test(arguments: Subject.present)
    func `5 a lock puts a key under a session, a set leaves it there, an unlock frees it`(subject: Subject) async throws {
        let raw = try await RawConsul(subject)
        let (one, two) = (try await raw.session(), try await raw.session())
        #expect(try await raw.transact("lock a=1 \(one)").entries.first?.session == one)
        #expect(try await raw.transact("lock a=2 \(one)").status == 200)
        #expect(try await raw.transact("lock a=3 \(two)").status == 409)
        #expect(try await raw.transact("set a=4").entries.first?.session == one)
        #expect(try await raw.transact("set a=5", "check-session a").status == 409)
        #expect(try await raw.transact("unlock a=5 \(two)").status == 409)
        #expect(try await raw.transact("unlock a=6 \(one)", "lock a=7 \(two)").status == 200)
        #expect(try await raw.transact("unlock a=8 \(two)", "check-session a").status == 200)
        let refused = try await raw.transact("lock a=9 00000000-0000-0000-0000-000000000000")
        #expect(refused.status == 409 && ConsulText.isSessionGone(refused.errors[0].what))
    }

    @Test(arguments: Subject.present)
    func `6 a session's end deletes what it has locked, which can be locked again at once`(subject: Subject) async throws {
        let raw = try await RawConsul(subject)
        let (one, two) = (try await raw.session(), try await raw.session())
        _ = try await raw.transact("lock a=1 \(one)", "lock b=1 \(one)", "unlock b=1 \(one)")
        #expect(try await raw.send("PUT", "session/renew/\(one)").status == 200)
        #expect(try await raw.send("PUT", "session/destroy/\(one)").status == 200)
        #expect(try await raw.send("PUT", "session/renew/\(one)").status == 404)
        #expect(try await raw.send("PUT", "session/destroy/\(one)").status == 200)
        #expect(try await raw.transact("check-not-exists a", "get b", "lock a=1 \(two)").status == 200)
    }

    @Test(arguments: Subject.present)
    func `7 a session lives from ten seconds to a day`(subject: Subject) async throws {
        let raw = try await RawConsul(subject)
        for ttl in ["10s", "86400s"] { #expect(try await raw.send("PUT", "session/create", #"{"TTL":"\#(ttl)"}"#).status == 200) }
        for ttl in ["9s", "86401s"] { #expect(try await raw.send("PUT", "session/create", #"{"TTL":"\#(ttl)"}"#).status >= 400) }
    }

    @Test(arguments: Subject.present)
    func `8 a blocking query answers at a change below its prefix with a higher index, also when all has gone`(subject: Subject)
        async throws
    {
        let raw = try await RawConsul(subject)
        _ = try await raw.transact("set w/1=1")
        let first = try await raw.send("GET", "kv/\(raw.root)w/?recurse&consistent")
        let index = try raw.index(of: first)
        async let next = raw.send("GET", "kv/\(raw.root)w/?recurse&consistent&index=\(index)&wait=20s")
        _ = try await raw.transact("set other=1")
        _ = try await raw.transact("delete w/1")
        let gone = try await next
        #expect(gone.status == 404)
        #expect(try raw.index(of: gone) > index)
        let quiet = try await raw.send("GET", "kv/\(raw.root)w/?recurse&consistent&index=\(try raw.index(of: gone))&wait=1s")
        #expect(quiet.status == 404)
        #expect(try raw.index(of: quiet) >= index)
    }

    @Test(arguments: Subject.present)
    func `9 the index of a list is that of the transaction which last changed it`(subject: Subject) async throws {
        let raw = try await RawConsul(subject)
        let written = try await raw.transact("set w/1=1", "set w/2=1")
        let list = try await raw.send("GET", "kv/\(raw.root)w/?recurse&consistent")
        #expect(try raw.index(of: list) == written.entries[0].modifyIndex)
        let deleted = try await raw.transact("set other=1", "delete w/1")
        let after = try await raw.send("GET", "kv/\(raw.root)w/?recurse&consistent")
        #expect(try raw.index(of: after) == deleted.entries[0].modifyIndex)
    }

    @Test(arguments: Subject.present)
    func `10 sixty-four operations and half a mebibyte are taken, and too many bytes are refused with 413`(subject: Subject) async throws {
        let raw = try await RawConsul(subject)
        #expect(try await raw.transact((0..<64).map { "set k/\($0)=1" }).status == 200)
        let value = String(repeating: "x", count: 380_000)
        #expect(try await raw.transact("set big=\(value)").status == 200)
        #expect(try await raw.transact("set big=\(value)\(value)").status == 413)
    }

    @Test(arguments: Subject.present)
    func `11 keys and values are bytes in a transaction, listed in the order of their bytes`(subject: Subject) async throws {
        let raw = try await RawConsul(subject)
        let names = ["a b", "a%2Fb", "a:b", "a/b", "\u{E9}", "~"]
        _ = try await raw.transact(names.map { ConsulOperation(.set, raw.root + $0, value: Array(0...255)) })
        let list = try await raw.transact([ConsulOperation(.getTree, raw.root)])
        #expect(list.entries.map(\.key) == names.map { raw.root + $0 }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(list.entries.allSatisfy { $0.value == Data(0...255) })
    }
}

/// Consul's API, by hand.
struct RawConsul: Sendable {
    struct Answer {
        let status: Int
        let entries: [ConsulEntry]
        let errors: [ConsulTxnAnswer.Problem]
    }

    /// Ends in a slash.
    let root: String
    private let url: String
    private let token: String?
    private let http: HTTPClient
    private let owner: any Sendable

    init(_ subject: AssumptionTests.Subject) async throws {
        http = try HTTPClient(logger: .silent)
        root = "skein-test-\(SystemRandomness().next())/"
        switch subject {
        case .standIn:
            let consul = try await ConsulStandIn.start()
            (url, token, owner) = ("http://127.0.0.1:\(consul.port)", nil, consul)
        case .real:
            let consul = try await RealConsul.start()
            (url, token, owner) = (consul.endpoint.url(path: ""), try consul.access.token?.read(), consul)
        }
    }

    func send(_ method: String, _ path: String, _ body: String = "") async throws -> HTTPResponse {
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        if let token { headers.append("X-Consul-Token", token) }
        return try await http.send(
            HTTPRequest(method: method, url: "\(url)/v1/\(path)", headers: headers, body: Array(body.utf8), timeout: .seconds(30)))
    }

    func index(of response: HTTPResponse) throws -> UInt64 { try #require(response.headers["X-Consul-Index"].flatMap(UInt64.init)) }

    func session() async throws -> String {
        let body = String(decoding: try JSONEncoder().encode(ConsulSessionRequest(timeToLive: "60s")), as: UTF8.self)
        let response = try await send("PUT", "session/create", body)
        return try JSONDecoder().decode(ConsulSession.self, from: Data(response.body)).id
    }

    /// Operations as `verb key=value argument`.
    func transact(_ operations: String...) async throws -> Answer { try await transact(operations) }

    func transact(_ operations: [String]) async throws -> Answer { try await transact(operations.map(operation)) }

    func transact(_ operations: [ConsulOperation]) async throws -> Answer {
        let body = String(decoding: try JSONEncoder().encode(operations), as: UTF8.self)
        let response = try await send("PUT", "txn", body)
        guard [200, 409].contains(response.status) else { return Answer(status: response.status, entries: [], errors: []) }
        let answer = try JSONDecoder().decode(ConsulTxnAnswer.self, from: Data(response.body))
        return Answer(status: response.status, entries: answer.entries, errors: answer.errors ?? [])
    }

    private func operation(_ text: String) throws -> ConsulOperation {
        let words = text.split(separator: " ").map(String.init)
        let verb = try #require(ConsulOperation.Verb(rawValue: words[0]))
        let halves = words[1].split(separator: "=", maxSplits: 1).map(String.init)
        var operation = ConsulOperation(verb, root + halves[0], value: halves.count > 1 ? Array(halves[1].utf8) : nil)
        guard words.count > 2 else { return operation }
        switch verb {
        case .lock, .unlock, .checkSession: operation.kv.session = words[2]
        case .cas, .checkIndex: operation.kv.index = UInt64(words[2])
        default: operation.kv.flags = UInt64(words[words.count - 1])
        }
        return operation
    }
}
