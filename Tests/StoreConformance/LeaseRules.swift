import ClusterStore
import TestSupport
import Testing

extension StoreRule {
    /// Short, and long enough for a store that rounds up or is slow.
    private static let ttl = Duration.seconds(6)

    static let leases: [StoreRule] = [
        StoreRule("what is under a lease goes when it expires, and only that") { scene in
            let lease = try await scene.store.grantLease(lasting: ttl)
            try await scene.commit(then: .put(key("a"), [], lease: lease), .put(key("b"), [], lease: lease), .put(key("c"), []))
            #expect(try await scene.store.get(key("a"))?.lease == lease)
            #expect(try await scene.store.list(key("")).entries.map(\.lease) == [lease, lease, nil])
            try await scene.passUntil("the lease has expired") { try await scene.paths("") == ["c"] }
            #expect(await scene.refusal { try await scene.store.renew(lease) } == .leaseNotFound)
            try await scene.store.revoke(lease)
        },
        StoreRule("a lease that is renewed outlives one that is not") { scene in
            let kept = try await scene.store.grantLease(lasting: ttl)
            let lost = try await scene.store.grantLease(lasting: ttl)
            #expect(kept != lost)
            try await scene.put("kept", lease: kept)
            try await scene.put("lost", lease: lost)
            try await scene.passUntil("the other lease has expired") {
                try await scene.store.renew(kept)
                return try await scene.store.get(key("lost")) == nil
            }
            #expect(try await scene.paths("") == ["kept"])
            try await scene.store.renew(kept)
        },
        StoreRule("a lease that is gone cannot be renewed or used, and its end is no error") { scene in
            let lease = try await scene.store.grantLease(lasting: .seconds(600))
            try await scene.put("a", lease: lease)
            try await scene.store.revoke(lease)
            #expect(try await scene.paths("") == [])
            try await scene.store.revoke(lease)
            for gone in [lease, LeaseID("123456789")] {
                #expect(await scene.refusal { try await scene.store.renew(gone) } == .leaseNotFound)
                let code = await scene.refusal { try await scene.commit(then: .put(key("c"), []), .put(key("b"), [], lease: gone)) }
                #expect(code == .leaseNotFound)
                try await scene.store.revoke(gone)
            }
            #expect(try await scene.paths("") == [])
        },
        StoreRule("a key belongs to the lease of its last write") { scene in
            let first = try await scene.store.grantLease(lasting: .seconds(600))
            let second = try await scene.store.grantLease(lasting: .seconds(600))
            for path in ["free", "moved", "kept", "again"] { try await scene.put(path, lease: first) }
            try await scene.put("free")
            try await scene.put("moved", lease: second)
            try await scene.commit(then: .delete(key("again")))
            try await scene.put("again")
            try await scene.store.revoke(first)
            #expect(try await scene.paths("") == ["again", "free", "moved"])
            try await scene.store.revoke(second)
            #expect(try await scene.paths("") == ["again", "free"])
        },
        StoreRule("a lease may be shorter than a second, and stores round up") { scene in
            let lease = try await scene.store.grantLease(lasting: .milliseconds(300))
            try await scene.put("a", lease: lease)
            #expect(try await scene.store.get(key("a"))?.lease == lease)
            try await scene.passUntil("the lease has expired") { try await scene.store.get(key("a")) == nil }
        },
        StoreRule("a watch is told of what goes with a lease") { scene in
            let expiring = try await scene.store.grantLease(lasting: ttl)
            let revoked = try await scene.store.grantLease(lasting: .seconds(600))
            try await scene.commit(
                then: .put(key("w/1"), [], lease: revoked), .put(key("w/2"), [], lease: revoked), .put(key("w/3"), [], lease: expiring))
            var watch = scene.store.watch(key("w/")).makeAsyncIterator()
            #expect(try await watch.snapshot().entries.count == 3)
            try await scene.store.revoke(revoked)
            #expect(try await watch.changes(2).map(\.brief).sorted() == ["-w/1", "-w/2"])
            try await scene.passUntil("the lease has expired") { try await scene.store.get(key("w/3")) == nil }
            #expect(try await watch.changes(1).map(\.brief) == ["-w/3"])
        },
    ]
}

extension StoreScene {
    /// Lets the store's time pass until a condition holds.
    func passUntil(_ what: String, _ condition: () async throws -> Bool) async throws {
        try await eventually(what) {
            if try await condition() { return true }
            try await bench.pass(.milliseconds(500))
            return false
        }
    }
}
