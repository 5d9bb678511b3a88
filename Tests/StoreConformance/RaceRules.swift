import ClusterStore
import Testing

extension StoreRule {
    static let races: [StoreRule] = [
        StoreRule("increments at once lose nothing") { scene in
            let other = try await scene.again()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    let store = task.isMultiple(of: 2) ? scene.store : other
                    group.addTask { for _ in 0..<25 { try await increment(key("counter"), in: store) } }
                }
                try await group.waitForAll()
            }
            #expect(try await scene.text("counter") == "200")
        },
        StoreRule("of many who create a key at once, one does") { scene in
            let winners = try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        let transaction = StoreTransaction([.absent(key("k"))], then: [.put(key("k"), bytes("\(number)"))])
                        if case .committed = try await scene.store.commit(transaction) { return number }
                        return nil
                    }
                }
                return try await group.reduce(into: []) { winners, winner in winners += [winner].compactMap(\.self) }
            }
            #expect(winners.count == 1)
            #expect(try await scene.text("k") == winners.first.map(String.init))
        },
        StoreRule("no list sees half of a transaction, and be it of many prefixes") { scene in
            // More than a transaction's steps between the two.
            let between = (0..<150).map { key("between/\($0)/") }
            try await scene.put("a/token")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for _ in 0..<100 {
                        try await scene.commit(then: .delete(key("a/token")), .put(key("z/token"), []))
                        try await scene.commit(then: .delete(key("z/token")), .put(key("a/token"), []))
                    }
                }
                group.addTask {
                    for round in 0..<100 {
                        let prefixes = [key("a/")] + (round.isMultiple(of: 4) ? between : []) + [key("z/")]
                        let tokens = try await scene.store.list(prefixes).entries
                        #expect(tokens.count == 1)
                    }
                }
                try await group.waitForAll()
            }
        },
    ]
}

/// Adds one to a number, as everything is changed: read, compare, write, and again if somebody was faster.
private func increment(_ key: StoreKey, in store: any ClusterStore) async throws {
    var entry = try await store.get(key)
    while true {
        let number = entry.flatMap { Int(String(decoding: $0.value, as: UTF8.self)) } ?? 0
        let compare = entry.map { StoreCompare.unchanged(key, since: $0.modified) } ?? .absent(key)
        let transaction = StoreTransaction([compare], then: [.put(key, bytes("\(number + 1)"))])
        guard case .conflict(let existing) = try await store.commit(transaction) else { return }
        entry = existing[key]
    }
}
