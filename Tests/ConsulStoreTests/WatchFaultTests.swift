import ClusterStore
import ConsulStandIn
import StoreConformance
import TestSupport
import Testing

@testable import ConsulStore

struct WatchFaultTests {
    @Test func `an index that goes back is a new snapshot (lesson 12)`() async throws {
        let consul = try await ConsulStandIn.start()
        for number in 0..<40 { consul.write("elsewhere", "\(number)") }
        let store = try ConsulStore(ports: [consul.port])
        try await store.put("a", "1")
        let watch = Follower(store.watch(.everything))
        try await watch.reaches("the beginning") { $0.values == ["a": "1"] }
        try await consul.untilQueryWaits()
        consul.moveIndexBack(by: 30)
        try await watch.reaches("a second snapshot") { $0.snapshots == 2 }
        try await store.put("a", "2")
        try await watch.reaches("a change after it") { $0.values == ["a": "2"] }
        #expect(watch.view.snapshots == 2)
        #expect(watch.view.interruptions == [])
    }

    @Test func `what a restore took back is told`() async throws {
        let consul = try await ConsulStandIn.start()
        let store = try ConsulStore(ports: [consul.port])
        try await store.put("a", "1")
        let earlier = consul.snapshot()
        try await store.put("a", "2")
        try await store.put("b", "2")
        let watch = Follower(store.watch(.everything))
        try await watch.reaches("the beginning") { $0.values == ["a": "2", "b": "2"] }
        try await consul.untilQueryWaits()
        consul.restore(earlier)
        try await watch.reaches("the restored data") { $0.values == ["a": "1"] }
        try await store.put("c", "3")
        try await watch.reaches("a change after it") { $0.values == ["a": "1", "c": "3"] }
    }

    @Test func `tombstones that were forgotten make no change and no spinning`() async throws {
        let consul = try await ConsulStandIn.start()
        let store = try ConsulStore(ports: [consul.port], limits: .generous(wait: .milliseconds(1300)))
        try await store.put("a", "1")
        try await store.put("b", "1")
        let watch = Follower(store.watch(.everything))
        try await watch.reaches("the beginning") { $0.snapshots == 1 }
        _ = try await store.commit(StoreTransaction([], then: [.delete(StoreKey(path: "b"))]))
        try await watch.reaches("the deletion") { $0.values == ["a": "1"] }
        consul.reapTombstones()
        let before = consul.requests.count
        try await eventually("several waits have passed") { consul.requests.count >= before + 3 }
        #expect(watch.view.values == ["a": "1"])
        #expect(watch.view.interruptions == [])
    }

    @Test func `a watch goes on with another agent, without a word`() async throws {
        let first = try await ConsulStandIn.start()
        let second = try await first.anotherAgent()
        let store = try ConsulStore(ports: [first.port, second.port])
        try await store.put("a", "1")
        let watch = Follower(store.watch(.everything))
        try await watch.reaches("the beginning") { $0.snapshots == 1 }
        await first.stop()
        _ = try await store.get(StoreKey(path: "a"))
        try await store.put("a", "2")
        try await watch.reaches("the change") { $0.values == ["a": "2"] }
        #expect(watch.view.snapshots == 1)
        #expect(watch.view.interruptions == [])
    }

    @Test func `an agent that hangs is left by the watches too, when it is late with a call`() async throws {
        let consul = try await ConsulStandIn.start()
        let port = consul.port
        // It passes the first query on and is silent from the second on.
        let hanging = try FakeServer { connection in
            guard let first = connection.request(), first.line.hasPrefix("GET"), !first.line.contains("index=") else {
                return connection.waitUntilClosed()
            }
            try connection.send("HTTP/1.1 404 Not Found\r\nX-Consul-Index: 1\r\nContent-Length: 0\r\n\r\n")
            _ = connection.request()
            connection.waitUntilClosed()
        }
        var limits = ConsulLimits.generous
        limits.answer = .seconds(2)
        let store = try ConsulStore(ports: [hanging.port, port], limits: limits)
        let watch = Follower(store.watch(.everything))
        try await watch.reaches("the beginning") { $0.snapshots == 1 }
        try await eventually("the watch waits") { hanging.requests.contains { $0.head.contains("index=") } }
        consul.write("skein/a", "1")
        // Late once, it is left by the next call and by the watch.
        _ = try? await store.get(StoreKey(path: "a"))
        try await watch.reaches("the key") { $0.values == ["a": "1"] }
        #expect(watch.view.interruptions == [])
    }

    @Test func `an interruption is told once, asked after ever less often, and ends (lessons 10 and 12)`() async throws {
        let consul = try await ConsulStandIn.start()
        let clock = ManualClock()
        let store = try ConsulStore(ports: [consul.port], clock: clock)
        try await store.put("a", "1")
        let watch = Follower(store.watch(.everything))
        try await watch.reaches("the beginning") { $0.snapshots == 1 }
        consul.fail(with: .noLeader)
        // The blocking query under way ends with the next change.
        consul.write("skein/a", "2")
        try await watch.reaches("the interruption") { $0.interruptions.count == 1 }
        for _ in 0..<5 {
            try await eventually("the watch waits") { clock.sleepers == 1 }
            clock.advance(by: .seconds(2))
        }
        try await eventually("the watch waits again") { clock.sleepers == 1 }
        #expect(watch.view.interruptions.count == 1)
        consul.fail(with: nil)
        clock.advance(by: .seconds(2))
        try await watch.reaches("the change") { $0.values == ["a": "2"] }
        #expect(watch.view.snapshots == 1)
    }

    @Test func `a watch of nothing waits for the first key, and is told when all goes`() async throws {
        let consul = try await ConsulStandIn.start()
        let store = try ConsulStore(ports: [consul.port])
        let watch = Follower(store.watch(StoreKey(path: "w/")))
        try await watch.reaches("the beginning") { $0.snapshots == 1 }
        for path in ["w/1", "w/2", "x"] { try await store.put(path, "1") }
        try await watch.reaches("the keys") { $0.values.count == 2 }
        _ = try await store.commit(StoreTransaction([], then: [.deleteChildren(StoreKey(path: "w/"))]))
        try await watch.reaches("the end") { $0.values.isEmpty }
        #expect(watch.view.snapshots == 1)
    }
}

extension ConsulStandIn {
    /// A query that comes after an index has gone back waits for more than there is, to its end.
    fileprivate func untilQueryWaits() async throws {
        try await eventually("a query waits") { waitingQueries > 0 }
    }
}

extension ConsulLimits {
    fileprivate static func generous(wait: Duration) -> ConsulLimits {
        var limits = ConsulLimits.generous
        limits.wait = wait
        return limits
    }
}
