import ClusterStore
import Testing

extension StoreRule {
    static let transactions: [StoreRule] = [
        StoreRule("a transaction compares whether a key exists") { scene in
            try await scene.commit(.absent(key("k")), then: .put(key("k"), bytes("one")))
            _ = try await scene.conflict(.absent(key("k")), then: .put(key("k"), bytes("two")))
            #expect(try await scene.text("k") == "one")
            try await scene.commit(.present(key("k")), then: .delete(key("k")))
            _ = try await scene.conflict(.present(key("k")), then: .put(key("k"), bytes("three")))
            #expect(try await scene.text("k") == nil)
        },
        StoreRule("a value that was changed and changed back is not unchanged") { scene in
            let first = try await scene.put("k", "one")
            let second = try await scene.commit(.unchanged(key("k"), since: first), then: .put(key("k"), bytes("two")))
            let third = try await scene.put("k", "one")
            for old in [first, second, .zero, third.next] {
                _ = try await scene.conflict(.unchanged(key("k"), since: old), then: .delete(key("k")))
            }
            try await scene.commit(.unchanged(key("k"), since: third), then: .delete(key("k")))
            _ = try await scene.conflict(.unchanged(key("k"), since: third), then: .put(key("k"), []))
            try await scene.put("k", "one")
            _ = try await scene.conflict(.unchanged(key("k"), since: third), then: .delete(key("k")))
        },
        StoreRule("one compare that does not hold, and nothing is written") { scene in
            let revision = try await scene.put("a", "one")
            let operations: [StoreOperation] = [
                .put(key("b"), []), .put(key("c"), []), .delete(key("a")), .deleteChildren(key("d/")),
            ]
            try await scene.put("d/1")
            let before = try await scene.store.list(key(""))
            for compares in [
                [StoreCompare.unchanged(key("a"), since: revision), .present(key("b"))],
                [.absent(key("a")), .absent(key("b"))],
                [.absent(key("b")), .absent(key("c")), .unchanged(key("a"), since: revision.next)],
            ] {
                let outcome = try await scene.store.commit(StoreTransaction(compares, then: operations))
                #expect(outcome == .conflict([key("a"): before.entries[0]]))
            }
            #expect(try await scene.store.list(key("")).entries == before.entries)
            try await scene.commit(
                .unchanged(key("a"), since: revision), .absent(key("b")), then: operations[0], operations[1], operations[2], operations[3])
            #expect(try await scene.paths("") == ["b", "c"])
        },
        StoreRule("a conflict carries the compared keys that exist, as they are") { scene in
            let lease = try await scene.store.grantLease(lasting: .seconds(600))
            let old = try await scene.put("a", "one")
            let new = try await scene.commit(then: .put(key("a"), bytes("two"), lease: lease), .put(key("b"), bytes("b")))
            try await scene.put("other")
            let existing = try await scene.conflict(
                .unchanged(key("a"), since: old), .present(key("b")), .absent(key("c")), .present(key("d")), then: .put(key("e"), []))
            #expect(
                existing == [
                    key("a"): StoreEntry(key: key("a"), value: bytes("two"), created: old, modified: new, lease: lease),
                    key("b"): StoreEntry(key: key("b"), value: bytes("b"), created: new, modified: new),
                ])
        },
        StoreRule("all that a transaction writes has its revision") { scene in
            try await scene.put("a")
            let revision = try await scene.commit(then: .put(key("a"), []), .put(key("b"), []), .put(key("c"), []))
            #expect(try await scene.store.list(key("")).entries.map(\.modified) == [revision, revision, revision])
        },
        StoreRule("a transaction that only compares tells whether it holds") { scene in
            let revision = try await scene.put("k")
            #expect(try await scene.commit(.present(key("k"))) >= revision)
            #expect(try await scene.conflict(.absent(key("k"))).keys.map(\.path) == ["k"])
        },
        StoreRule("deleting what is not there is no error") { scene in
            try await scene.commit(then: .delete(key("k")), .deleteChildren(key("l/")))
            try await scene.put("k")
            try await scene.commit(then: .delete(key("k")))
            try await scene.commit(then: .delete(key("k")))
            #expect(try await scene.paths("") == [])
        },
        StoreRule("deleting the children of a key leaves it and its neighbours") { scene in
            for path in ["a", "a/1", "a/1/x", "a/2", "a0", "ab/1", "b/a/1"] { try await scene.put(path) }
            try await scene.commit(then: .deleteChildren(StoreKey("a").children))
            #expect(try await scene.paths("") == ["a", "a0", "ab/1", "b/a/1"])
        },
    ]

    static let limits: [StoreRule] = [
        StoreRule("a transaction that writes a key twice is rejected") { scene in
            let puts = [StoreOperation.put(key("a/1"), bytes("x")), .put(key("a/2"), bytes("y"))]
            for more in [StoreOperation.put(key("a/1"), bytes("z")), .delete(key("a/2")), .deleteChildren(key("a/"))] {
                let code = await scene.refusal { _ = try await scene.store.commit(StoreTransaction([], then: puts + [more])) }
                #expect(code == .rejected, "\(more)")
            }
            #expect(try await scene.paths("") == [])
            _ = try await scene.store.commit(StoreTransaction([], then: puts))
        },
        StoreRule("a transaction has at most what the store takes") { scene in
            for shape in TransactionShape.all {
                let most = (1...200).last { scene.store.takes(shape.transaction($0)) } ?? 0
                let code = await scene.refusal { _ = try await scene.store.commit(shape.transaction(most + 1)) }
                #expect(code == .rejected, "\(most + 1) \(shape.name)")
                #expect(try await scene.paths("") == [])
                _ = try await scene.store.commit(shape.transaction(most)).committed()
                try await scene.commit(then: .deleteChildren(key("k/")))
            }
        },
        StoreRule("every store takes 60 compares and deletions in all, and the claims of a network with ten subnets") { scene in
            let keys = (0..<20).map { key("k/\($0)") }
            let compares = keys.map { StoreCompare.absent($0) } + keys.map { .absent(key("owners/\($0)")) }
            let deletions = StoreTransaction(compares, then: keys.map { .delete($0) })
            let claims = StoreTransaction([.absent(keys[0])], then: keys.map { .put($0, []) })
            for transaction in [deletions, claims] {
                #expect(scene.store.takes(transaction))
                _ = try await scene.store.commit(transaction).committed()
            }
            #expect(try await scene.paths("k/").count == 20)
        },
        StoreRule("the largest value that the store takes is kept, and one of twice its size is rejected") { scene in
            let value = (0..<scene.store.largestValue).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await scene.commit(then: .put(key("big"), value))
            #expect(try await scene.store.get(key("big"))?.value == value)
            let code = await scene.refusal { try await scene.commit(then: .put(key("big"), value + value)) }
            #expect(code == .rejected)
            #expect(try await scene.store.list(key("")).entries.first?.value == value)
        },
        StoreRule("a list of ten thousand keys is whole") { scene in
            let batch = 25
            for start in stride(from: 0, to: 10_000, by: batch) {
                let puts = (start..<start + batch).map { StoreOperation.put(key("k/\(100_000 + $0)"), bytes("value \($0)")) }
                _ = try await scene.store.commit(StoreTransaction([], then: puts))
            }
            let entries = try await scene.store.list(key("k/")).entries
            #expect(entries.map(\.key.path) == (0..<10_000).map { "k/\(100_000 + $0)" })
        },
    ]
}

/// Transactions of one kind, as large as one likes.
private struct TransactionShape: Sendable {
    let name: String
    let transaction: @Sendable (Int) -> StoreTransaction

    static let all = [
        TransactionShape(name: "claims") { count in
            StoreTransaction(keys(count).map { .absent($0) }, then: keys(count).map { .put($0, []) })
        },
        TransactionShape(name: "puts") { StoreTransaction([], then: keys($0).map { .put($0, []) }) },
        TransactionShape(name: "deletions") { StoreTransaction([.absent(key("other"))], then: keys($0).map { .delete($0) }) },
        TransactionShape(name: "compares") { StoreTransaction(keys($0).map { .absent($0) }, then: [.put(key("k/one"), [])]) },
    ]

    private static func keys(_ count: Int) -> [StoreKey] { (0..<count).map { key("k/\($0)") } }
}
