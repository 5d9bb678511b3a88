import ClusterStore
import FaultProxy
import StoreConformance
import TestSupport
import Testing

extension FaultRule {
    private static let everything = StoreKey(path: "")

    /// Answers from the past.
    static let stale: [FaultRule] = [
        FaultRule("a read is never answered with what was, when that is told once") { scene in
            guard type(of: scene.bench).tellsTime else { return }
            let store = try scene.store()
            try await scene.put("k", "old")
            #expect(try await store.get(StoreKey(path: "k"))?.text == "old")
            #expect(try await store.list(everything).entries.map(\.text) == ["old"])
            try await scene.put("k", "new")
            // It has seen something newer than what it is told next.
            #expect(try await store.get(StoreKey(path: "other")) == nil)
            scene.proxy.inject(.stale, times: 1)
            #expect(try await store.get(StoreKey(path: "k"))?.text == "new")
            scene.proxy.inject(.stale, times: 1)
            #expect(try await store.list(everything).entries.map(\.text) == ["new"])
        },
        FaultRule("an old answer to a write is no success") { scene in
            guard type(of: scene.bench).tellsTime else { return }
            let store = try scene.store()
            let transaction = StoreTransaction([], then: [.put(scene.key, Array("v".utf8))])
            let first = try await store.commit(transaction).committed()
            scene.proxy.inject(.stale, times: 1)
            await scene.expect(.fails(.outcomeUnknown), "the second") { _ = try await store.commit(transaction) }
            #expect(try await scene.truth.get(scene.key)?.modified == first)
            #expect(try await store.commit(transaction).committed() > first)
        },
    ]

    /// Lists that lack what is there (lesson 10, and mass deletion).
    static let empty: [FaultRule] = [
        FaultRule("a list that is empty where there was something is not believed without a second look (lesson 10)") { scene in
            try await followsThrough(scene, times: 1)
        },
        FaultRule("an endpoint that answers with nothing is not believed while another knows better (lesson 10)") { scene in
            try await followsThrough(scene, times: .max)
        },
        FaultRule("a list that stays empty is believed, and what comes back is seen") { scene in
            let type = type(of: scene.bench)
            for number in 0..<10 { try await scene.put("w/\(number)") }
            guard let nothing = type.emptyList(at: try await scene.truth.list(everything).revision) else { return }
            let follower = Follower(try scene.store(trust: .milliseconds(200)).watch(StoreKey(path: "w/")))
            try await follower.reaches("the beginning") { $0.values.count == 10 }
            scene.proxy.inject(nothing) { type.isList($0) }
            try await follower.reaches("nothing, for good") { $0.values.isEmpty }
            scene.proxy.heal()
            try await follower.reaches("everything again") { $0.values.count == 10 }
        },
        FaultRule("many keys that go at once are gone in the watch too") { scene in
            for number in 0..<10 { try await scene.put("w/\(number)") }
            let follower = Follower(try scene.impatientStore(trust: .milliseconds(200)).watch(StoreKey(path: "w/")))
            try await follower.reaches("the beginning") { $0.values.count == 10 }
            scene.proxy.inject(.stall(.afterRequest)) { scene.isWatch($0) }
            _ = try await scene.truth.commit(StoreTransaction([], then: [.deleteChildren(StoreKey(path: "w/"))]))
            try await follower.reaches("nothing") { $0.values.isEmpty }
        },
    ]

    /// Follows some keys while lists of them are answered with nothing.
    private static func followsThrough(_ scene: FaultScene, times: Int) async throws {
        let type = type(of: scene.bench)
        for number in 0..<10 { try await scene.put("w/\(number)") }
        guard let nothing = type.emptyList(at: try await scene.truth.list(everything).revision) else { return }
        // Where a stream takes longer to open than it is trusted, its endpoint is left before the fault is met.
        let store = try scene.store(trust: times > 1 ? .seconds(4) : .milliseconds(200), andDirectly: times > 1)
        let follower = Follower(store.watch(StoreKey(path: "w/"))) { view in
            if view.snapshots > 0 { #expect(view.values.count >= 10) }
        }
        try await follower.reaches("the beginning") { $0.values.count == 10 }
        scene.proxy.inject(nothing, times: times) { type.isList($0) }
        try await eventually("the fault is met") { scene.proxy.hits > 0 }
        let told = follower.view.snapshots
        try await follower.reaches("two more looks") { $0.snapshots >= told + 2 }
        try await scene.put("w/more")
        try await follower.reaches("what comes later") { $0.values["w/more"] != nil }
    }
}
