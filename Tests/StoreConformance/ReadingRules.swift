import ClusterStore
import Testing

extension StoreRule {
    static let reading: [StoreRule] = [
        StoreRule("a key has the revision that created it and the one that last wrote it") { scene in
            #expect(try await scene.store.get(key("k")) == nil)
            let first = try await scene.put("k", "one")
            #expect(
                try await scene.store.get(key("k")) == StoreEntry(key: key("k"), value: bytes("one"), created: first, modified: first))
            let second = try await scene.put("k", "two")
            #expect(first < second)
            #expect(
                try await scene.store.get(key("k")) == StoreEntry(key: key("k"), value: bytes("two"), created: first, modified: second))
            try await scene.commit(then: .delete(key("k")))
            #expect(try await scene.store.get(key("k")) == nil)
            let third = try await scene.put("k", "three")
            #expect(try await scene.store.get(key("k"))?.created == third)
        },
        StoreRule("values are bytes, and may be none") { scene in
            let all = (0...UInt8.max).map(\.self)
            try await scene.commit(then: .put(key("all"), all), .put(key("none"), []))
            #expect(try await scene.store.get(key("all"))?.value == all)
            #expect(try await scene.store.get(key("none"))?.value == [])
            #expect(try await scene.store.list(key("")).entries.map(\.value) == [all, []])
        },
        StoreRule("what a user calls a thing cannot reach another key") { scene in
            let names = ["a/b", "a%2Fb", "a b", "ä", "..", "a+b=c&d", "\u{1F980}"]
            let keys = names.map { StoreKey("names", $0) }
            for (name, key) in zip(names, keys) { try await scene.commit(.absent(key), then: .put(key, bytes(name))) }
            let entries = try await scene.store.list(key("names/")).entries
            #expect(Set(entries.map(\.key)) == Set(keys))
            #expect(entries.allSatisfy { $0.key.segments == ["names", String(decoding: $0.value, as: UTF8.self)] })
        },
        StoreRule("a list is in the order of the keys' bytes") { scene in
            let paths = ["l/a", "l/B", "l/a/1", "l/a-1", "l/10", "l/9", "l/\u{E9}", "l/~"]
            for path in paths { try await scene.put(path) }
            #expect(try await scene.paths("l/") == ["l/10", "l/9", "l/B", "l/a", "l/a-1", "l/a/1", "l/~", "l/\u{E9}"])
        },
        StoreRule("several prefixes are listed at one revision, and an entry once") { scene in
            let revision = try await scene.commit(
                then: .put(key("b/1"), []), .put(key("a/1"), []), .put(key("a/b/1"), []), .put(key("c/1"), []))
            let snapshot = try await scene.store.list([key("b/"), key("a/"), key("a/b/"), key("none/")])
            #expect(snapshot.entries.map(\.key.path) == ["a/1", "a/b/1", "b/1"])
            #expect(snapshot.revision >= revision)
            #expect(snapshot.entries.allSatisfy { $0.modified == revision })
            #expect(try await scene.store.list([]).entries == [])
        },
        StoreRule("more prefixes than a transaction has steps are listed at once") { scene in
            for number in [3, 140, 299] { try await scene.put("p/\(number)/k", "\(number)") }
            let entries = try await scene.store.list((0..<300).map { key("p/\($0)/") }).entries
            #expect(Set(entries.map { String(decoding: $0.value, as: UTF8.self) }) == ["3", "140", "299"])
        },
        StoreRule("a prefix reaches what starts with it and nothing else") { scene in
            for path in ["n", "n/1", "n/10", "n/1/x", "n-old/1", "m/1", "o"] { try await scene.put(path) }
            #expect(try await scene.paths("n/") == ["n/1", "n/1/x", "n/10"])
            #expect(try await scene.paths("n/1/") == ["n/1/x"])
            #expect(try await scene.paths("n/1") == ["n/1", "n/1/x", "n/10"])
            #expect(try await scene.paths("x/") == [])
        },
        StoreRule("a root does not show what is below a root whose name it begins") { scene in
            try await scene.put("k", "ours")
            _ = try await scene.neighbour.commit(StoreTransaction([.absent(key("k"))], then: [.put(key("k"), bytes("theirs"))]))
            _ = try await scene.neighbour.commit(StoreTransaction([], then: [.put(key("l"), [])]))
            #expect(try await scene.paths("") == ["k"])
            #expect(try await scene.text("k") == "ours")
            try await scene.commit(then: .deleteChildren(key("")))
            #expect(try await scene.paths("") == [])
            #expect(try await scene.neighbour.list(key("")).entries.map(\.key.path) == ["k", "l"])
        },
        StoreRule("what was acknowledged is seen by every later read, on any connection") { scene in
            let other = try await scene.again()
            for number in 0..<50 {
                let revision = try await scene.put("k", "\(number)")
                let snapshot = try await other.list(key(""))
                #expect(snapshot.revision >= revision)
                #expect(snapshot.entries.map(\.modified) == [revision])
                #expect(try await other.get(key("k"))?.modified == revision)
            }
        },
    ]
}
