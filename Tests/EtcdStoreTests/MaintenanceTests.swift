import ClusterStore
import TestSupport
import Testing

@testable import EtcdStore

/// A real etcd, looked after by its own calls.
struct MaintenanceTests {
    @Test func `a copy of an etcd is its own snapshot, whole`() async throws {
        let etcd = try await EtcdServer.start()
        let store = try EtcdStore(ports: [etcd.port])
        let value = String(repeating: "a value that nothing else has; ", count: 2_000)
        try await store.put("k", value)
        let copy = try await store.backUp()
        var bytes: [UInt8] = []
        while let piece = try await copy.next() { bytes += piece }
        #expect(bytes.count > value.utf8.count)
        // Behind the database is its SHA-256, which etcdctl looks at when it restores.
        #expect(bytes.count % 512 == 32)
        #expect(String(decoding: bytes, as: UTF8.self).contains("a value that nothing else has; a value"))
        #expect(try await store.size().bytes > value.utf8.count)
        #expect(try await store.findDamage().isEmpty)
        etcd.kill()
        let error = try await failure { _ = try await store.backUp() }
        #expect(error.code == .unavailable)
    }
}
