import ClusterStore
import TestSupport
import Testing

@testable import EmbeddedStore

@Suite struct RestartTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `after a restart a lease has its whole time again, and goes when nobody renews it`() async throws {
        let clock = ManualClock()
        let lease: LeaseID
        do {
            let store = try open(folder.file("a"), clock: clock)
            lease = try await store.grantLease(lasting: .seconds(10))
            _ = try await store.commit(StoreTransaction([], then: [.put(StoreKey("k"), [], lease: lease)]))
            clock.advance(by: .seconds(9))
        }
        let store = try open(folder.file("a"), clock: clock)
        clock.advance(by: .seconds(9))
        #expect(try await store.get(StoreKey("k"))?.lease == lease)
        clock.advance(by: .seconds(1))
        #expect(try await store.get(StoreKey("k")) == nil)
    }

    @Test func `a watch that has everything goes on over a restart, and one that is behind is told so`() async throws {
        let revision: StoreRevision
        do {
            let store = try open(folder.file("a"))
            _ = try await store.commit(StoreTransaction([], then: [.put(StoreKey("k"), [1])]))
            guard case .committed(let last) = try await store.commit(StoreTransaction([], then: [.put(StoreKey("k"), [2])])) else { return }
            revision = last
        }
        let store = try open(folder.file("a"))
        #expect(try await store.served.currentRevision() == revision)
        let behind = store.served.watch(KeyRange(prefix: RawKey("")), from: revision)
        #expect(await behind.next() == .compacted(revision))
        let current = store.served.watch(KeyRange(prefix: RawKey("")), from: revision.next)
        _ = try await store.commit(StoreTransaction([], then: [.delete(StoreKey("k"))]))
        #expect(await current.next() == .changes([.deleted(RawKey("skein/k"), at: revision.next)]))
    }

    @Test func `a store keeps its identity, and another file is another store`() throws {
        let first = try open(folder.file("a")).served.identity
        #expect(try open(folder.file("a")).served.identity == first)
        #expect(try open(folder.file("b")).served.identity != first)
    }

    @Test func `a crash at any moment among writers keeps what was acknowledged`() async throws {
        let store = try open(folder.file("a"))
        try await withThrowingTaskGroup { group in
            for writer in 0..<4 {
                group.addTask {
                    for number in 0..<50 {
                        _ = try await store.commit(StoreTransaction([], then: [.put(StoreKey("k", "\(writer)-\(number)"), [1])]))
                    }
                }
            }
            try await group.waitForAll()
        }
        try folder.copyDatabase("a", to: "b")
        let crashed = try open(folder.file("b"))
        let listed = (try await crashed.list([StoreKey("k")]), try await store.list([StoreKey("k")]))
        #expect(listed.0 == listed.1)
        #expect(listed.0.entries.count == 200)
    }

    @Test func `a store in memory needs no file`() async throws {
        let store = try open(":memory:")
        _ = try await store.commit(StoreTransaction([], then: [.put(StoreKey("k"), [1])]))
        #expect(try await store.get(StoreKey("k"))?.value == [1])
    }
}
