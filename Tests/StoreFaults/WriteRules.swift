import ClusterStore
import FaultProxy
import TestSupport
import Testing

extension FaultRule {
    static let writes: [FaultRule] = [
        FaultRule("a write is done, or fails as what it is, and is done once however often it is made") { scene in
            try await scene.forEachCase { scene, fault in try await write(through: fault, in: scene, by: scene.store(for: fault)) }
        },
        FaultRule("a write that may be done is not made on another endpoint") { scene in
            try await scene.forEachCase { scene, fault in try await write(through: fault, in: scene, by: scene.storeWithAnother(for: fault))
            }
        },
        FaultRule("of a write whose answer was lost, a read tells whether it was made") { scene in
            try await scene.forEachCase { scene, fault in
                guard case .unknown(let isDone?) = fault.writing else { return }
                let (store, key) = (try scene.storeWithAnother(for: fault), scene.key)
                scene.proxy.inject(fault.fault)
                let token = [UInt8]("token".utf8)
                await scene.expect(.fails(.outcomeUnknown), fault.name) {
                    _ = try await store.commit(StoreTransaction([.absent(key)], then: [.put(key, token)]))
                }
                var found: StoreEntry?
                try await scene.recovers("the read, \(fault.name)") { found = try await store.get(key) }
                #expect((found?.value == token) == isDone, "\(fault.name)")
            }
        },
        FaultRule("a write that comes late finds that it was made already") { scene in
            let store = try scene.impatientStore()
            let transaction = StoreTransaction([.absent(scene.key)], then: [.put(scene.key, Array("mine".utf8))])
            scene.proxy.inject(.delay(.seconds(9)), times: 1)
            await scene.expect(.fails(.outcomeUnknown), "the first") { _ = try await store.commit(transaction) }
            try await scene.recovers("the second") { _ = try await store.commit(transaction) }
            let made = try #require(try await scene.truth.get(scene.key))
            try await eventually("the first has come") { scene.proxy.openConnections <= 1 }
            #expect(try await scene.truth.get(scene.key) == made && made.created == made.modified)
        },
    ]

    /// Makes a write that meets a fault, looks at what is true, and makes it again.
    private static func write(through fault: FaultCase, in scene: FaultScene, by store: any ClusterStore) async throws {
        let key = scene.key
        let transaction = StoreTransaction([.absent(key)], then: [.put(key, Array("mine".utf8))])
        scene.proxy.inject(fault.fault, times: 1)
        let outcome = await verdict { () throws(StoreError) in try await store.commit(transaction) }
        scene.proxy.heal()
        let entry = try await scene.truth.get(key)
        switch fault.writing {
        case .committed: #expect(outcome == .success(.committed(entry?.modified ?? .zero)), "\(fault.name)")
        case .ownConflict: #expect(try outcome.get() == .conflict([key: #require(entry)]), "\(fault.name)")
        case .unknown(let isDone):
            #expect(outcome.failure?.code == .outcomeUnknown, "\(fault.name)")
            if let isDone { #expect((entry != nil) == isDone, "\(fault.name)") }
        }
        var again: CommitOutcome?
        try await scene.recovers("the write, \(fault.name)") { again = try await store.commit(transaction) }
        let last = try #require(try await scene.truth.get(key))
        // Written once: by the first or by the second.
        #expect(last.text == "mine" && last.created == last.modified, "\(fault.name)")
        if entry != nil { #expect(again == .conflict([key: last]) && last == entry, "\(fault.name)") }
    }

    private static func verdict(_ operation: () async throws(StoreError) -> CommitOutcome) async -> Result<CommitOutcome, StoreError> {
        do throws(StoreError) {
            return .success(try await operation())
        } catch {
            return .failure(error)
        }
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
