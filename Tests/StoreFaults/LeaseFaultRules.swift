import ClusterStore
import FaultProxy
import TestSupport
import Testing

extension FaultRule {
    private static let long = Duration.seconds(600)

    static let leases: [FaultRule] = [
        FaultRule("a lease is granted, or that fails as what it is, and is granted when the fault has ended") { scene in
            try await scene.forEachCase { scene, fault in
                let store = try scene.store(for: fault)
                scene.proxy.inject(fault.fault)
                await scene.expect(fault.reading, "grant, \(fault.name)") { _ = try await store.grantLease(lasting: long) }
                scene.proxy.heal()
                try await scene.recovers("grant, \(fault.name)") {
                    try await scene.put(scene.key.path, lease: try await store.grantLease(lasting: long))
                }
                #expect(try await scene.truth.get(scene.key)?.lease != nil)
            }
        },
        FaultRule("no fault between makes a lease look gone, and it is renewed when the fault has ended (lesson 16)") { scene in
            try await scene.forEachCase { scene, fault in
                let (store, lease) = (try scene.store(for: fault), try await scene.truth.grantLease(lasting: long))
                try await scene.put(scene.key.path, lease: lease)
                scene.proxy.inject(fault.fault)
                await scene.expect(fault.reading, "renew, \(fault.name)") { try await store.renew(lease) }
                scene.proxy.heal()
                try await scene.recovers("renew, \(fault.name)") { try await store.renew(lease) }
                #expect(try await scene.truth.get(scene.key)?.lease == lease)
            }
        },
        FaultRule("a lease is revoked, or that fails as what it is, and its keys go at the latest when the fault has ended") { scene in
            try await scene.forEachCase { scene, fault in
                let (store, lease) = (try scene.store(for: fault), try await scene.truth.grantLease(lasting: long))
                try await scene.put(scene.key.path, lease: lease)
                scene.proxy.inject(fault.fault)
                await scene.expect(fault.reading, "revoke, \(fault.name)") { try await store.revoke(lease) }
                scene.proxy.heal()
                try await scene.recovers("revoke, \(fault.name)") { try await store.revoke(lease) }
                #expect(try await scene.truth.get(scene.key) == nil)
            }
        },
    ]
}
