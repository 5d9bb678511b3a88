import ClusterStore
import FaultProxy
import TestSupport
import Testing

extension FaultRule {
    private static let key = StoreKey(path: "k")

    /// The ways to read the one key that there is.
    private static let ways: [(name: String, read: @Sendable (any ClusterStore) async throws -> [String])] = [
        ("get", { store in try await store.get(key).map { [$0.text] } ?? [] }),
        ("list", { store in try await store.list(StoreKey(path: "")).entries.map(\.text) }),
    ]

    static let reads: [FaultRule] = [
        FaultRule("a read is right or fails as what it is, and is right when the fault has ended (lesson 10)") { scene in
            try await forEachWay(in: scene) { scene, fault, name, read in
                let store = try scene.store(for: fault)
                scene.proxy.inject(fault.fault)
                await scene.expect(fault.reading, name) {
                    let found = try await read(store)
                    #expect(found == ["v"], "\(name)")
                }
                scene.proxy.heal()
                var found: [String] = []
                try await scene.recovers(name) { found = try await read(store) }
                #expect(found == ["v"], "\(name)")
            }
        },
        FaultRule("a read that meets a fault once is made again") { scene in
            try await forEachWay(in: scene) { scene, fault, name, read in
                guard !fault.isSilent else { return }
                scene.proxy.inject(fault.fault, times: 1)
                let found = try await read(scene.store(for: fault))
                #expect(found == ["v"], "\(name)")
            }
        },
        FaultRule("a read is answered by another endpoint, whatever is between us and the first") { scene in
            try await forEachWay(in: scene) { scene, fault, name, read in
                scene.proxy.inject(fault.fault)
                let found = try await read(scene.storeWithAnother(for: fault))
                #expect(found == ["v"], "\(name)")
            }
        },
    ]

    private static func forEachWay(
        in scene: FaultScene,
        _ body:
            @escaping @Sendable (
                FaultScene, FaultCase, String, @escaping @Sendable (any ClusterStore) async throws -> [String]
            ) async throws -> Void
    ) async throws {
        try await scene.put("k", "v")
        try await scene.forEachCase { scene, fault in
            for way in ways { try await body(FaultScene(beside: scene), fault, "\(way.name), \(fault.name)", way.read) }
        }
    }
}

extension FaultScene {
    /// Runs a body for all cases at once, each with a proxy of its own to the same keys.
    func forEachCase(_ body: @escaping @Sendable (FaultScene, FaultCase) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for fault in cases {
                let scene = try FaultScene(beside: self)
                group.addTask { try await body(scene, fault) }
            }
            try await group.waitForAll()
        }
    }
}
