import ClusterStore
import EtcdProtocol
import FaultProxy
import StoreConformance
import TestSupport
import Testing

@testable import EtcdStore

/// What a real etcd bounds: its database, a request, a history.
@Suite(.timeLimit(.minutes(2))) struct BoundTests {
    @Test func `an etcd that is full takes deletions only, and says how it is freed`() async throws {
        let etcd = try await EtcdServer.start("--quota-backend-bytes", "1000000")
        let store = try EtcdStore(ports: [etcd.port])
        let lease = try await store.grantLease(lasting: .seconds(60))
        for number in 0..<3 { try await store.put("k/\(number)") }
        let follower = Follower(store.watch(""))
        let value = String(repeating: "x", count: 100_000)
        let full = try await failure { while true { try await store.put("big", value) } }
        #expect(full.code == .outOfSpace)
        #expect(
            full.message
                == "127.0.0.1:\(etcd.port): etcdserver: mvcc: database space exceeded: it takes deletions only; compact and defragment"
                + " every member, then disarm the alarm (etcdctl compact REVISION, etcdctl defrag --cluster, etcdctl alarm disarm)")
        #expect(try await failure { try await store.put("k/0") }.code == .outOfSpace)
        #expect(try await failure { _ = try await store.grantLease(lasting: .seconds(60)) }.code == .outOfSpace)
        // What works: to read, to keep a lease, to detach.
        #expect(try await store.get("k/0") != nil)
        try await store.renew(lease)
        guard case .committed = try await store.commit(StoreTransaction([.present("k/0")], then: [.delete("k/0"), .delete("big")])) else {
            throw TestProblem("nothing was deleted")
        }
        _ = try await store.commit(StoreTransaction([], then: [.deleteChildren("k/")]))
        try await follower.reaches("the deletions") { $0.snapshots > 0 && $0.values.isEmpty }
        // As the message says.
        try await etcd.compact(at: try await etcd.revision())
        _ = try await etcd.post("/v3/maintenance/defragment", [String: String]())
        let member = try await etcd.status().header.memberID
        _ = try await etcd.post("/v3/maintenance/alarm", ["action": "DEACTIVATE", "memberID": "\(member)", "alarm": "NOSPACE"])
        try await store.put("again")
        #expect(follower.view.interruptions.isEmpty)
    }

    @Test func `what is too large is refused with the bound`() async throws {
        let etcd = try await EtcdServer.start()
        let store = try EtcdStore(ports: [etcd.port])
        let large = try await failure { try await store.put("k", String(repeating: "x", count: 1_600_000)) }
        #expect(large.code == .rejected)
        #expect(large.message.hasSuffix("request is too large: etcd takes 1.5 MiB at once, or what its --max-request-bytes says"))
        let larger = try await failure { try await store.put("k", String(repeating: "x", count: 3_000_000)) }
        #expect(larger.code == .rejected && larger.message.contains("received message larger than max"))
        let many = try await failure {
            _ = try await store.commit(StoreTransaction([], then: (0...128).map { .put(StoreKey(path: "k\($0)"), []) }))
        }
        #expect(many.code == .rejected)
        #expect(
            many.message.hasSuffix("too many operations in txn request: etcd takes 128 operations at once, or what its --max-txn-ops says"))
        #expect(try await store.list("").entries.isEmpty)
    }

    @Test func `compacted every second under load a watch misses nothing (lesson 12)`() async throws {
        let etcd = try await EtcdServer.start()
        let way = try FaultProxy(to: etcd.port)
        let writers = try (0..<3).map { _ in try EtcdStore(ports: [etcd.port]) }
        let watching = try EtcdStore(ports: [way.port, etcd.port])
        let load = Load(writers)
        var followers = (0..<4).map { _ in Follower(watching.watch("")) }
        for second in 0..<3 {
            try await load.goesOn(for: 200, "before compaction \(second)")
            try await Task.sleep(for: .seconds(1))
            try await etcd.compact(at: try await etcd.revision())
            followers.append(Follower(watching.watch("")))
            if second == 1 { way.cut() }
        }
        let difference = try await load.end(writers[0])
        #expect(difference == Load.Difference())
        let last = try await writers[0].put("last")
        let values = try await writers[0].list("").values
        for follower in followers {
            try await follower.reaches("the last write") { $0.revision >= last }
            #expect(follower.view.values == values)
            // Who is behind at the wrong moment begins again: once for each compaction, and no more often.
            #expect(follower.view.snapshots <= 4)
        }
    }

    @Test func `a quiet watch learns how far the store is, and outlives a compaction of what it did not need`() async throws {
        let etcd = try await EtcdServer.start("--experimental-watch-progress-notify-interval", "100ms")
        let way = try FaultProxy(to: etcd.port)
        let (watching, writing) = (try EtcdStore(ports: [way.port, etcd.port]), try EtcdStore(ports: [etcd.port]))
        let follower = Follower(watching.watch("quiet/"))
        try await follower.reaches("the beginning") { $0.snapshots == 1 }
        for number in 0..<20 { try await writing.put("loud/\(number)") }
        let head = try await etcd.revision()
        try await follower.reaches("progress") { $0.revision >= head }
        try await etcd.compact(at: head)
        way.cut()
        let last = try await writing.put("quiet/k")
        try await follower.reaches("the write") { $0.revision >= last }
        #expect(follower.view.snapshots == 1 && follower.view.interruptions.isEmpty)
    }
}
