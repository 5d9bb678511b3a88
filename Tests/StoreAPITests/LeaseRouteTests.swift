import ClusterStore
import HTTPTransport
import TestSupport
import Testing

@Suite struct LeaseRouteTests {
    private let clock = ManualClock()

    @Test func `a lease is granted, kept alive, looked at and revoked`() async throws {
        try await Server.run(InMemoryStore(clock: clock).served) { server in
            let grant = try JSON(try await server.post("lease/grant", #"{"TTL":"5","ID":"7"}"#).body)
            #expect(grant["ID"] == #""7""#)
            #expect(grant["TTL"] == #""5""#)
            #expect(try await server.post("lease/grant", #"{"TTL":5,"ID":7}"#).status == 412)
            _ = try await server.post("kv/put", #"{"key":"Zm9v","lease":"7"}"#)
            clock.advance(by: .seconds(3))
            let look = try JSON(try await server.post("lease/timetolive", #"{"ID":"7","keys":true}"#).body)
            #expect(look["TTL"] == #""2""#)
            #expect(look["grantedTTL"] == #""5""#)
            #expect(look["keys"] == #"["Zm9v"]"#)
            let kept = try JSON(try await server.post("lease/keepalive", #"{"ID":"7"}"#).body)
            #expect(kept["result"]?["TTL"] == #""5""#)
            clock.advance(by: .seconds(3))
            #expect(try await server.post("lease/revoke", #"{"ID":"7"}"#).status == 200)
            #expect(try JSON(try await server.post("kv/range", #"{"key":"Zm9v"}"#).body)["count"] == nil)
        }
    }

    @Test func `a lease that is gone has no time left`() async throws {
        try await Server.run(InMemoryStore(clock: clock).served) { server in
            _ = try await server.post("lease/grant", #"{"TTL":"5","ID":"7"}"#)
            clock.advance(by: .seconds(5))
            let kept = try await server.post("lease/keepalive", #"{"ID":"7"}"#)
            #expect(kept.status == 200)
            #expect(try JSON(kept.body)["result"]?["ID"] == #""7""#)
            #expect(try JSON(kept.body)["result"]?["TTL"] == nil)
            #expect(try JSON(try await server.post("lease/timetolive", #"{"ID":"7"}"#).body)["TTL"] == #""-1""#)
        }
    }

    @Test func `the store chooses ids that nobody has`() async throws {
        try await Server.run(InMemoryStore(clock: clock).served) { server in
            _ = try await server.post("lease/grant", #"{"TTL":"5","ID":"1"}"#)
            let first = try JSON(try await server.post("lease/grant", #"{"TTL":"5"}"#).body)
            let second = try JSON(try await server.post("lease/grant", #"{"TTL":"5"}"#).body)
            #expect(Set([first["ID"], second["ID"], #""1""#]).count == 3)
        }
    }
}
