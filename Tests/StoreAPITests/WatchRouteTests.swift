import ClusterStore
import HTTPTransport
import TestSupport
import Testing

@Suite struct WatchRouteTests {
    @Test func `a watch says that it is there, and tells each change at once`() async throws {
        try await Server.run(InMemoryStore().served) { server in
            var frames = try await server.stream("watch", #"{"create_request":{"key":"Zg==","range_end":"Zw=="}}"#)
            #expect(
                try await frames.next()
                    == #"{"result":{"header":{"cluster_id":"1","member_id":"1","revision":"1","raft_term":"1"},"created":true}}"#)
            _ = try await server.post("kv/put", #"{"key":"Zm9v","value":"YmFy"}"#)
            #expect(
                try await frames.next() == """
                    {"result":{"header":{"cluster_id":"1","member_id":"1","revision":"2","raft_term":"1"},
                     "events":[{"kv":{"key":"Zm9v","create_revision":"2","mod_revision":"2","version":"1","value":"YmFy"}}]}}
                    """)
            _ = try await server.post("kv/put", #"{"key":"aGlkZGVu"}"#)
            _ = try await server.post("kv/deleterange", #"{"key":"Zm9v"}"#)
            #expect(
                try await frames.next() == """
                    {"result":{"header":{"cluster_id":"1","member_id":"1","revision":"4","raft_term":"1"},
                     "events":[{"type":"DELETE","kv":{"key":"Zm9v","mod_revision":"4"}}]}}
                    """)
        }
    }

    @Test func `a start in the past is served from the history`() async throws {
        try await Server.run(InMemoryStore().served) { server in
            for value in ["YQ==", "Yg==", "Yw=="] { _ = try await server.post("kv/put", #"{"key":"Zm9v","value":"\#(value)"}"#) }
            var frames = try await server.stream("watch", #"{"create_request":{"key":"Zm9v","start_revision":"3"}}"#)
            #expect(try await frames.next()?["result"]?["created"] == "true")
            let told = try await frames.next()?["result"]?["events"]
            guard case .list(let events)? = told else { throw Unexpected(told) }
            #expect(events.map { $0["kv"]?["value"] } == [#""Yg==""#, #""Yw==""#])
        }
    }

    @Test func `a start that is forgotten ends the watch, as etcd tells it (lesson 12)`() async throws {
        try await Server.run(InMemoryStore().served) { server in
            for _ in 0..<3 { _ = try await server.post("kv/put", #"{"key":"Zm9v"}"#) }
            #expect(try await server.post("kv/compaction", #"{"revision":"4"}"#).status == 200)
            var frames = try await server.stream("watch", #"{"create_request":{"key":"Zm9v","start_revision":"2"}}"#)
            #expect(try await frames.next()?["result"]?["created"] == "true")
            #expect(
                try await frames.next() == """
                    {"result":{"header":{"cluster_id":"1","member_id":"1","raft_term":"1"},"canceled":true,"compact_revision":"4"}}
                    """)
            #expect(try await frames.next() == nil)
            var oldest = try await server.stream("watch", #"{"create_request":{"key":"Zm9v","start_revision":"4"}}"#)
            _ = try await oldest.next()
            #expect(try await oldest.next()?["result"]?["canceled"] == nil)
            #expect(try await server.post("kv/compaction", #"{"revision":"2"}"#).status == 400)
        }
    }

    @Test func `filters leave out what is not wanted`() async throws {
        try await Server.run(InMemoryStore().served) { server in
            var frames = try await server.stream("watch", #"{"create_request":{"key":"Zm9v","filters":["NOPUT"]}}"#)
            _ = try await frames.next()
            _ = try await server.post("kv/put", #"{"key":"Zm9v"}"#)
            _ = try await server.post("kv/deleterange", #"{"key":"Zm9v"}"#)
            #expect(try await frames.next()?["result"]?["events"] == #"[{"type":"DELETE","kv":{"key":"Zm9v","mod_revision":"3"}}]"#)
        }
    }

    @Test func `a watch ends when its client hangs up`() async throws {
        let store = WatchCounter(InMemoryStore().served)
        try await Server.run(store) { server in
            do {
                var frames = try await server.stream("watch", #"{"create_request":{"key":"Zm9v"}}"#)
                _ = try await frames.next()
                #expect(store.watches == 1)
            }
            try await eventually("the watch has ended") { store.watches == 0 }
            #expect(try await server.post("kv/put", #"{"key":"Zm9v"}"#).status == 200)
        }
    }
}
