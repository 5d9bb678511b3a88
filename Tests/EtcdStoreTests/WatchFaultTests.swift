import ClusterStore
import FaultProxy
import StoreConformance
import TestSupport
import Testing

@testable import EtcdStore

/// Watches of a real etcd that is killed, forgets or hangs.
@Suite(.serialized, .timeLimit(.minutes(3))) struct WatchFaultTests {
    private let everything = StoreKey(path: "")

    @Test func `a watch outlives kill -9 of etcd under writers, and misses nothing (lessons 10 and 12)`() async throws {
        let etcd = try await EtcdServer.start()
        let store = try EtcdStore(ports: [etcd.port])
        let follower = Follower(store.watch(everything))
        for round in 1...5 {
            async let written: Void = writeUntilItFails(store, round)
            try await follower.reaches("writes of round \(round)") { $0.values["last"]?.hasPrefix("\(round)-") == true }
            etcd.kill()
            await written
            try await etcd.restart()
            let last = try await store.put("done", "\(round)")
            try await follower.reaches("all of round \(round)") { $0.revision >= last }
            #expect(try await store.list(everything).values == follower.view.values)
        }
        // The history is all there: each time the watch went on from where it was.
        #expect(follower.view.snapshots == 1)
        #expect(follower.view.interruptions.count <= 5)
    }

    /// Writes as fast as it can; a write that fails must say that it may have been made, or that there is no store.
    private func writeUntilItFails(_ store: EtcdStore, _ round: Int) async {
        var number = 0
        do {
            while true {
                try await store.put("key-\(number % 7)", "\(round)-\(number)")
                try await store.put("last", "\(round)-\(number)")
                number += 1
            }
        } catch {
            #expect([.unavailable, .outcomeUnknown].contains((error as? StoreError)?.code))
        }
    }

    @Test func `an interruption is said once, and its end too`() async throws {
        let etcd = try await EtcdServer.start()
        let clock = ManualClock()
        let store = try EtcdStore(ports: [etcd.port], clock: clock)
        let follower = Follower(store.watch(everything))
        try await follower.reaches("the beginning") { $0.snapshots == 1 }
        etcd.kill()
        try await follower.reaches("the interruption") { !$0.interruptions.isEmpty }
        #expect(follower.view.interruptions.map(\.code) == [.unavailable])
        #expect(follower.view.interruptions[0].message.contains("127.0.0.1:\(etcd.port)"))
        for _ in 0..<10 {
            try await eventually("the watch waits before it tries again") { clock.sleepers == 1 }
            clock.advance(by: .seconds(10))
        }
        #expect(follower.view.events == 2)
        try await etcd.restart()
        try await follower.reaches("the end of the interruption") {
            clock.advance(by: .seconds(10))
            return $0.events == 3
        }
        #expect(follower.view.interruptions.count == 1 && follower.view.snapshots == 1)
    }

    @Test func `a watch that was away over a compaction starts anew (lesson 12)`() async throws {
        let etcd = try await EtcdServer.start()
        let clock = ManualClock()
        let (watching, writing) = (try EtcdStore(ports: [etcd.port], clock: clock), try EtcdStore(ports: [etcd.port]))
        try await writing.put("goes", "1")
        try await writing.put("changes", "1")
        let follower = Follower(watching.watch(everything))
        try await follower.reaches("the beginning") { $0.snapshots == 1 }
        etcd.kill()
        try await follower.reaches("the interruption") { !$0.interruptions.isEmpty }
        try await eventually("the watch waits before it tries again") { clock.sleepers == 1 }
        try await etcd.restart()
        _ = try await writing.commit(StoreTransaction([], then: [.delete(StoreKey(path: "goes"))]))
        try await writing.put("changes", "2")
        try await etcd.compact(at: try await writing.put("comes", "1"))
        try await follower.reaches("another beginning") {
            clock.advance(by: .seconds(10))
            return $0.snapshots == 2
        }
        #expect(follower.view.values == ["changes": "2", "comes": "1"])
        #expect(follower.view.interruptions.count == 1)
    }

    @Test func `a watch that was away for much gets all of it`() async throws {
        let etcd = try await EtcdServer.start()
        let clock = ManualClock()
        let (watching, writing) = (try EtcdStore(ports: [etcd.port], clock: clock), try EtcdStore(ports: [etcd.port]))
        let follower = Follower(watching.watch(everything))
        try await follower.reaches("the beginning") { $0.snapshots == 1 }
        etcd.kill()
        try await eventually("the watch waits before it tries again") { clock.sleepers == 1 }
        try await etcd.restart()
        // More than etcd puts into one answer.
        let value = String(repeating: "x", count: 500_000)
        for number in 0..<12 { try await writing.put("k/\(number)", value) }
        try await follower.reaches("all that was written") {
            clock.advance(by: .seconds(10))
            return $0.values.count == 12
        }
        #expect(follower.view.snapshots == 1 && follower.view.values.values.allSatisfy { $0 == value })
    }

    @Test func `compactions under load cost a watch nothing (lesson 12)`() async throws {
        let etcd = try await EtcdServer.start()
        let store = try EtcdStore(ports: [etcd.port])
        var followers: [Follower] = []
        for number in 0..<200 {
            let revision = try await store.put("w/\(number % 10)", "\(number)")
            if number.isMultiple(of: 20) {
                try await etcd.compact(at: revision)
                followers.append(Follower(store.watch(StoreKey(path: "w/"))))
            }
        }
        let last = try await store.put("w/end")
        for follower in followers {
            try await follower.reaches("the last write") { $0.revision >= last }
            #expect(try await store.list(StoreKey(path: "w/")).values == follower.view.values)
            #expect(follower.view.interruptions.isEmpty)
        }
    }

    @Test func `a store that has forgotten everything is told from the one that was watched`() async throws {
        let etcd = try await EtcdServer.start()
        let store = try EtcdStore(ports: [etcd.port])
        for number in 0..<20 { try await store.put("old-\(number)") }
        let follower = Follower(store.watch(everything))
        try await follower.reaches("the beginning") { $0.values.count == 20 }
        etcd.kill()
        try etcd.forget()
        try await etcd.restart()
        try await follower.reaches("another beginning") { $0.snapshots == 2 }
        #expect(follower.view.values.isEmpty)
        try await store.put("new")
        try await follower.reaches("the first write") { $0.values["new"] != nil }
    }

    @Test func `a watch lists and compares now and then, and that is no interruption`() async throws {
        let etcd = try await EtcdServer.start()
        let store = try EtcdStore(ports: [etcd.port], limits: .generous(trust: .seconds(3)))
        try await store.put("a", "1")
        let follower = Follower(store.watch(everything))
        try await follower.reaches("several beginnings") { $0.snapshots >= 4 }
        #expect(follower.view.interruptions.isEmpty && follower.view.values == ["a": "1"])
    }

    @Test func `a watch goes on at another endpoint when its own goes`() async throws {
        let etcd = try await EtcdServer.start()
        let way = try FaultProxy(to: etcd.port)
        let store = try EtcdStore(ports: [way.port, etcd.port])
        let follower = Follower(store.watch(everything))
        try await store.put("a")
        try await follower.reaches("the first write") { $0.values["a"] != nil }
        way.cut()
        // A write could meet a connection that breaks just then, and would not be repeated.
        _ = try await store.get(StoreKey(path: "a"))
        try await store.put("b")
        try await follower.reaches("the second write") { $0.values["b"] != nil }
        #expect(follower.view.snapshots == 1)
        #expect(follower.view.interruptions == [])
    }

    @Test func `a member that has lost its leader says so at once, and its watches go on when it has one (lesson 10)`() async throws {
        let members = try await EtcdServer.startCluster(of: 3)
        let store = try EtcdStore(ports: [members[0].port], limits: EtcdLimits(answer: .seconds(2)))
        try await eventually("the first write") { (try? await store.put("a")) != nil }
        let follower = Follower(store.watch(everything))
        try await follower.reaches("the beginning") { $0.snapshots == 1 }
        members[1].freeze()
        members[2].freeze()
        // Until it has noticed, a write's outcome is not known.
        try await eventually("a write is refused") {
            let error = try await failure { try await store.put("b") }
            return error.code == .unavailable && error.message.contains("no leader")
        }
        try await follower.reaches("the interruption") { !$0.interruptions.isEmpty }
        members[1].thaw()
        members[2].thaw()
        try await eventually("a write is made") { (try? await store.put("c")) != nil }
        try await follower.reaches("the write") { $0.values["c"] != nil }
        #expect(try await store.list(everything).values == follower.view.values)
        #expect(follower.view.interruptions.count == 1)
    }

    @Test func `dropping a watch closes its connection`() async throws {
        let etcd = try await EtcdServer.start()
        let way = try FaultProxy(to: etcd.port)
        let store = try EtcdStore(ports: [way.port])
        var follower: Follower? = Follower(store.watch(everything))
        try await follower?.reaches("the beginning") { $0.snapshots == 1 }
        try await store.put("a")
        try await follower?.reaches("the write") { $0.values["a"] != nil }
        let open = way.openConnections
        follower = nil
        try await eventually("the watch's connection is closed") { way.openConnections < open }
    }
}
