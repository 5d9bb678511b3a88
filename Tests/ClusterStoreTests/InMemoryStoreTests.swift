import ClusterStore
import TestSupport
import Testing

@Suite struct InMemoryStoreTests {
    @Test func `a watch that is behind a compaction begins anew with a snapshot (lesson 12)`() async throws {
        let store = InMemoryStore()
        var watch = store.watch(StoreKey(path: "")).makeAsyncIterator()
        guard case .snapshot? = await watch.next() else { return #expect(Bool(false), "no snapshot first") }
        for number in 0..<3 as Range<UInt8> { _ = try await store.commit(StoreTransaction([], then: [.put(StoreKey("k"), [number])])) }
        try await store.compact()
        guard case .snapshot(let snapshot)? = await watch.next() else { return #expect(Bool(false), "no second snapshot") }
        #expect(snapshot.entries.map(\.value) == [[2]])
        _ = try await store.commit(StoreTransaction([], then: [.delete(StoreKey("k"))]))
        guard case .changes(let changes, _)? = await watch.next() else { return #expect(Bool(false), "no changes after it") }
        #expect(changes == [.deleted(StoreKey("k"))])
    }

    @Test func `a running store ends leases while nobody asks for anything`() async throws {
        let clock = ManualClock()
        let store = InMemoryStore(clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await store.run() }
            let long = try await store.grantLease(lasting: .seconds(60))
            let short = try await store.grantLease(lasting: .seconds(10))
            let puts: [StoreOperation] = [.put(StoreKey("long"), [], lease: long), .put(StoreKey("short"), [], lease: short)]
            _ = try await store.commit(StoreTransaction([], then: puts))
            var watch = store.watch(StoreKey(path: "")).makeAsyncIterator()
            _ = await watch.next()
            for (gone, rest) in [("short", 10), ("long", 50)] {
                try await eventually("the store sleeps until the next expiry") { clock.sleepers == 1 }
                clock.advance(by: .seconds(rest))
                guard case .changes(let changes, _)? = await watch.next() else { return #expect(Bool(false), "no changes") }
                #expect(changes == [.deleted(StoreKey(gone))])
            }
            group.cancelAll()
        }
    }

    @Test func `a running store sleeps between expiries`() async throws {
        let clock = ManualClock()
        let store = InMemoryStore(clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await store.run() }
            for seconds in [10, 20, 30] { _ = try await store.grantLease(lasting: .seconds(seconds)) }
            for _ in 0..<2 {
                try await eventually("the store sleeps until the next expiry") { clock.sleepers == 1 }
                clock.advance(by: .seconds(10))
            }
            try await eventually("the store sleeps again") { clock.sleepers == 1 }
            let readings = clock.readings
            for _ in 0..<1_000 { await Task.yield() }
            #expect(clock.sleepers == 1)
            #expect(clock.readings == readings)
            group.cancelAll()
        }
    }

    @Test func `a watch ends with its last reader`() async throws {
        let store = InMemoryStore()
        let range = KeyRange(prefix: RawKey("skein/"))
        do {
            let watch = store.served.watch(range, from: nil)
            _ = try await store.commit(StoreTransaction([], then: [.put(StoreKey("k"), [])]))
            #expect(await watch.next() != nil)
        }
        let reader = Task { await store.served.watch(range, from: nil).next() }
        reader.cancel()
        #expect(await reader.value == nil)
    }
}
