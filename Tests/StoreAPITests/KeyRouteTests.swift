import ClusterStore
import HTTPTransport
import Testing

/// The bodies are those of etcd 3.4, apart from the ids of cluster and member and the term.
@Suite struct KeyRouteTests {
    private func run(_ body: @escaping @Sendable (Server) async throws -> Void) async throws {
        try await Server.run(InMemoryStore().served, body)
    }

    @Test func `a key is put, read, listed and deleted`() async throws {
        try await run { server in
            let put = try await server.post("kv/put", #"{"key":"Zm9v","value":"YmFy"}"#)
            #expect(put.status == 200)
            #expect(put.headers["content-type"] == "application/json")
            #expect(
                try JSON(put.body) == #"{"header":{"cluster_id":"1","member_id":"1","revision":"2","raft_term":"1"}}"#)
            let read = try await server.post("kv/range", #"{"key":"Zm9v"}"#)
            #expect(
                try JSON(read.body) == """
                    {"header":{"cluster_id":"1","member_id":"1","revision":"2","raft_term":"1"},
                     "kvs":[{"key":"Zm9v","create_revision":"2","mod_revision":"2","version":"1","value":"YmFy"}],"count":"1"}
                    """)
            let keys = try await server.post("kv/range", #"{"key":"AA==","range_end":"AA==","keys_only":true}"#)
            #expect(
                try JSON(keys.body)["kvs"] == #"[{"key":"Zm9v","create_revision":"2","mod_revision":"2","version":"1"}]"#)
            let count = try await server.post("kv/range", #"{"key":"Zg==","range_end":"Zw==","count_only":true}"#)
            #expect(try JSON(count.body)["count"] == #""1""#)
            #expect(try JSON(count.body)["kvs"] == nil)
            let deletion = try await server.post("kv/deleterange", #"{"key":"Zm9v","prev_kv":true}"#)
            #expect(
                try JSON(deletion.body) == """
                    {"header":{"cluster_id":"1","member_id":"1","revision":"3","raft_term":"1"},"deleted":"1",
                     "prev_kvs":[{"key":"Zm9v","create_revision":"2","mod_revision":"2","version":"1","value":"YmFy"}]}
                    """)
            let nothing = try await server.post("kv/range", #"{"key":"Zm9v"}"#)
            #expect(
                try JSON(nothing.body) == #"{"header":{"cluster_id":"1","member_id":"1","revision":"3","raft_term":"1"}}"#)
        }
    }

    @Test func `a range ends at bytes that are no text, as scripts write it`() async throws {
        try await run { server in
            for key in ["skein/n/1", "skein/n/2", "skein/o"] {
                _ = try await server.post("kv/put", #"{"key":"\#(base64(key))"}"#)
            }
            // skein/n/ and skein/n/ with a byte of 255 after it.
            let range = #"{"key":"c2tlaW4vbi8=","range_end":"c2tlaW4vbi//","keys_only":true,"limit":"1"}"#
            let answer = try JSON(try await server.post("kv/range", range).body)
            #expect(answer["count"] == #""2""#)
            #expect(answer["more"] == "true")
            #expect(answer["kvs"] == #"[{"key":"c2tlaW4vbi8x","create_revision":"2","mod_revision":"2","version":"1"}]"#)
        }
    }

    @Test func `a transaction takes one branch, and answers each step`() async throws {
        try await run { server in
            let transaction = """
                {"compare":[{"target":"CREATE","key":"Zm9v","create_revision":"0"}],
                 "success":[{"request_put":{"key":"Zm9v","value":"YmFy"}},{"request_range":{"key":"Zm9v"}}],
                 "failure":[{"request_delete_range":{"key":"Zm9v"}}]}
                """
            let first = try JSON(try await server.post("kv/txn", transaction).body)
            #expect(first["succeeded"] == "true")
            guard case .list(let responses)? = first["responses"] else { throw Unexpected(first) }
            #expect(responses.count == 2)
            #expect(responses[1]["response_range"]?["count"] == #""1""#)
            let second = try JSON(try await server.post("kv/txn", transaction).body)
            #expect(second["succeeded"] == nil)
            guard case .list(let others)? = second["responses"] else { throw Unexpected(second) }
            #expect(others.map { $0["response_delete_range"]?["deleted"] } == [#""1""#])
        }
    }

    @Test(arguments: [
        ("kv/range", "garbage", 400, 3), ("kv/range", "", 400, 3), ("kv/range", "{}", 400, 3),
        ("kv/range", #"{"key":"!"}"#, 400, 3), ("kv/put", #"{"value":"YmFy"}"#, 400, 3),
        ("kv/range", #"{"key":"Zm9v","revision":"7"}"#, 400, 11),
        ("kv/put", #"{"key":"Zm9v","lease":"4"}"#, 404, 5),
        ("kv/txn", #"{"success":[{"request_put":{"key":"YQ=="}},{"request_put":{"key":"YQ=="}}]}"#, 400, 3),
        ("kv/txn", #"{"success":[{"request_txn":{}}]}"#, 400, 3),
        ("kv/compaction", #"{"revision":"200"}"#, 400, 11),
        ("auth/authenticate", #"{"name":"a","password":"b"}"#, 412, 9), ("nothing", "{}", 404, 5), ("watch", "garbage", 400, 3),
        ("watch", #"{"cancel_request":{}}"#, 400, 3),
        ("lease/revoke", #"{"ID":"77"}"#, 404, 5), ("lease/grant", #"{"TTL":"99999999999"}"#, 400, 3),
    ])
    func `what is wrong is told in etcd's form`(call: String, body: String, status: Int, code: Int) async throws {
        try await run { server in
            let answer = try await server.post(call, body)
            #expect(answer.status == status)
            let error = try JSON(answer.body)
            #expect(error["code"] == .number(Double(code)))
            #expect(error["message"] != nil)
            #expect(error["error"] == error["message"])
        }
    }

    @Test func `a request that is too large is refused, and the connection goes on`() async throws {
        try await run { server in
            let large = #"{"key":"Zm9v","value":"\#(String(repeating: "YmFy", count: 1_100_000))"}"#
            let refusal = try await server.post("kv/put", large)
            #expect(refusal.status == 400)
            #expect(try JSON(refusal.body)["message"] == .string("etcdserver: request is too large"))
            #expect(try await server.get("health").status == 200)
        }
    }

    @Test func `a past revision is read as far back as the history goes`() async throws {
        try await run { server in
            _ = try await server.post("kv/put", #"{"key":"Zm9v","value":"YQ=="}"#)
            _ = try await server.post("kv/put", #"{"key":"Zm9v","value":"Yg=="}"#)
            let past = try JSON(try await server.post("kv/range", #"{"key":"Zm9v","revision":"2"}"#).body)
            #expect(past["kvs"] == #"[{"key":"Zm9v","create_revision":"2","mod_revision":"2","version":"1","value":"YQ=="}]"#)
            #expect(past["header"]?["revision"] == #""3""#)
            _ = try await server.post("kv/compaction", #"{"revision":"3"}"#)
            let forgotten = try JSON(try await server.post("kv/range", #"{"key":"Zm9v","revision":"1"}"#).body)
            #expect(forgotten["message"] == .string("etcdserver: mvcc: required revision has been compacted"))
        }
    }

    @Test func `health, version and status are as probes expect them`() async throws {
        try await run { server in
            #expect(try JSON(try await server.get("health").body) == #"{"health":"true"}"#)
            #expect(try JSON(try await server.get("version").body) == #"{"etcdserver":"3.4.0","etcdcluster":"3.4.0"}"#)
            let status = try JSON(try await server.post("maintenance/status", "{}").body)
            #expect(status["version"] == .string("3.4.0"))
            #expect(status["leader"] == #""1""#)
        }
    }
}

struct Unexpected: Error {
    let answer: JSON?

    init(_ answer: JSON?) {
        self.answer = answer
    }
}
