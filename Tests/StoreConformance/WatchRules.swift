import ClusterStore
import TestSupport
import Testing

extension StoreRule {
    static let watches: [StoreRule] = [
        StoreRule("a watch is a snapshot and then each change, in order and once") { scene in
            let revision = try await scene.put("w/1", "a")
            var watch = scene.store.watch(key("w/")).makeAsyncIterator()
            let snapshot = try await watch.snapshot()
            #expect(snapshot.entries == [StoreEntry(key: key("w/1"), value: bytes("a"), created: revision, modified: revision)])
            #expect(snapshot.revision >= revision)
            let second = try await scene.put("w/1", "b")
            let news = try await watch.news()
            #expect(news.revision == second)
            #expect(news.changes == [.put(StoreEntry(key: key("w/1"), value: bytes("b"), created: revision, modified: second))])
            try await scene.put("w/2", "c")
            #expect(try await watch.changes(1).map(\.brief) == ["+w/2=c"])
            try await scene.commit(then: .delete(key("w/1")))
            #expect(try await watch.changes(1).map(\.brief) == ["-w/1"])
            try await scene.commit(then: .delete(key("w/1")))
            try await scene.put("w/1", "d")
            #expect(try await watch.changes(1).map(\.brief) == ["+w/1=d"])
        },
        StoreRule("a watch of nothing begins with an empty snapshot") { scene in
            var watch = scene.store.watch(key("w/")).makeAsyncIterator()
            #expect(try await watch.snapshot().entries == [])
            try await scene.put("w/1")
            #expect(try await watch.changes(1).map(\.brief) == ["+w/1="])
        },
        StoreRule("what one transaction puts and deletes comes in one event") { scene in
            try await scene.put("w/1")
            try await scene.put("w/c/1")
            try await scene.put("w/c/2")
            var watch = scene.store.watch(key("w/")).makeAsyncIterator()
            _ = try await watch.snapshot()
            let revision = try await scene.commit(
                then: .put(key("w/2"), bytes("x")), .delete(key("w/1")), .deleteChildren(key("w/c/")), .put(key("other"), []))
            let news = try await watch.news()
            #expect(news.changes.map(\.brief).sorted() == ["+w/2=x", "-w/1", "-w/c/1", "-w/c/2"])
            #expect(news.revision == revision)
        },
        StoreRule("a watch tells nothing of other prefixes and other roots") { scene in
            var watch = scene.store.watch(key("w/")).makeAsyncIterator()
            var everything = scene.store.watch(key("")).makeAsyncIterator()
            _ = (try await watch.snapshot(), try await everything.snapshot())
            for path in ["w", "w0", "wx/1", "v/w/1"] { try await scene.put(path) }
            _ = try await scene.neighbour.commit(StoreTransaction([], then: [.put(key("w/1"), bytes("theirs"))]))
            try await scene.put("w/1", "ours")
            #expect(try await watch.changes(1).map(\.brief) == ["+w/1=ours"])
            #expect(try await everything.changes(5).map(\.key.path) == ["w", "w0", "wx/1", "v/w/1", "w/1"])
        },
        StoreRule("a watch that starts among writers misses nothing and repeats nothing") { scene in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask { for number in 1...60 { try await scene.put("w/\(writer)", "\(number)") } }
                }
                for _ in 0..<3 { group.addTask { try await followCounters(in: scene) } }
                try await group.waitForAll()
            }
        },
        StoreRule("two watches see one order") { scene in
            var first = scene.store.watch(key("w/")).makeAsyncIterator()
            var second = try await scene.again().watch(key("w/")).makeAsyncIterator()
            _ = (try await first.snapshot(), try await second.snapshot())
            await withTaskGroup { group in
                for number in 0..<40 { group.addTask { _ = try? await scene.put("w/\(number % 5)", "\(number)") } }
            }
            if scene.store.tellsEveryChange {
                let told = (try await first.changes(40), try await second.changes(40))
                #expect(told.0 == told.1)
            } else {
                let now = Array(try await scene.store.list(key("w/")).entries)
                try await first.reach(now)
                try await second.reach(now)
            }
        },
        StoreRule("a watch goes on over a compaction, anew where it has to (lesson 12)") { scene in
            var watch = scene.store.watch(key("w/")).makeAsyncIterator()
            var view = FollowedView()
            for round in 0..<5 {
                try await scene.put("w/\(round)", "old")
                try await scene.put("w/\(round)", "new")
                if round > 0 { try await scene.commit(then: .delete(key("w/\(round - 1)"))) }
                guard try await scene.bench.compact() else { return }
                let last = try await scene.put("w/last", "\(round)")
                while view.revision < last, let event = await watch.next(isolation: #isolation) { view.take(event) }
                let now = try await scene.store.list(key("w/")).entries
                #expect(view.entries.values.sorted { $0.key < $1.key } == Array(now))
            }
        },
        StoreRule("cancelling the reader ends a watch") { scene in
            let (started, start) = AsyncStream<Void>.makeStream()
            let reader = Task {
                var events = 0
                for await _ in scene.store.watch(key("w/")) {
                    events += 1
                    start.yield()
                }
                return events
            }
            for await _ in started { break }
            reader.cancel()
            #expect(await reader.value == 1)
            try await scene.put("w/1")
        },
    ]

    static let restarts: [StoreRule] = [
        StoreRule("a store that is ended without farewell has all that it acknowledged") { scene in
            let lease = try await scene.store.grantLease(lasting: .seconds(600))
            let first = try await scene.put("a", "one")
            let last = try await scene.commit(
                then: .put(key("a"), bytes("two")), .put(key("b"), bytes("b"), lease: lease), .delete(key("c")))
            guard try await scene.bench.restart() else { return }
            let store = try await scene.again()
            let snapshot = try await store.list(key(""))
            #expect(snapshot.revision >= last)
            #expect(
                snapshot.entries == [
                    StoreEntry(key: key("a"), value: bytes("two"), created: first, modified: last),
                    StoreEntry(key: key("b"), value: bytes("b"), created: last, modified: last, lease: lease),
                ])
            let next = try await store.commit(StoreTransaction([.unchanged(key("a"), since: last)], then: [.delete(key("a"))])).committed()
            #expect(next > snapshot.revision)
            try await store.renew(lease)
            let other = try await store.grantLease(lasting: .seconds(600))
            #expect(other != lease)
            try await store.revoke(lease)
            #expect(try await store.list(key("")).entries == [])
        }
    ]
}

/// Follows four counters that writers raise one by one to 60, and records a gap or a repetition.
private func followCounters(in scene: StoreScene) async throws {
    var view = FollowedView()
    var counters: [StoreKey: Int] = [:]
    for await event in scene.store.watch(key("w/")) {
        view.take(event)
        if case .changes(let changes, let revision) = event {
            for case .put(let entry) in changes {
                let number = Int(String(decoding: entry.value, as: UTF8.self)) ?? -1
                let before = counters[entry.key, default: 0]
                #expect(scene.store.tellsEveryChange ? number == before + 1 : number > before, "of \(entry.key)")
                counters[entry.key] = number
                #expect(entry.modified <= revision)
            }
        }
        counters = view.entries.mapValues { Int(String(decoding: $0.value, as: UTF8.self)) ?? -1 }
        if counters.count == 4, counters.values.allSatisfy({ $0 == 60 }) { return }
    }
}
