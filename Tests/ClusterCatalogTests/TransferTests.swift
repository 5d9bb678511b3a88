import ClusterStore
import NetworkModel
import TestSupport
import Testing

@testable import ClusterCatalog

/// A cluster that moves from one store to another.
@Suite struct TransferTests {
    /// Two nodes with endpoints, a reservation and a request: what a cluster's store holds.
    private func cluster(in store: any ClusterStore = InMemoryStore()) async throws -> Scene {
        let scene = Scene(store)
        try await scene.catalog.open()
        let network = try await scene.network(subnets: "10.9.0.0/24")
        for host in ["a", "b"] {
            let claim = try await scene.join(host)
            for number in 0..<15 { _ = try await scene.attach("\(host)\(number)", to: network, as: claim) }
            _ = try await scene.reserve(of: network, as: claim)
        }
        return scene
    }

    private func archive(_ scene: Scene) async throws -> CatalogArchive {
        try CatalogArchive(try await scene.store.list(StoreKey(path: "")), of: scene.store, at: FixedTime().now())
    }

    private func text(_ archive: CatalogArchive) throws -> [UInt8] {
        var text: [UInt8] = []
        try archive.write { text += $0 }
        return text
    }

    private func run(_ archive: CatalogArchive, into scene: Scene, force: Bool = false) async throws -> CatalogImport.Report {
        try await CatalogImport(archive, into: scene.catalog, holdingNodesFor: .seconds(600)).run(replacing: force)
    }

    // MARK: The text

    @Test func `an archive is the same after it was written and read`() async throws {
        let archive = try await archive(try await cluster())
        #expect(try CatalogArchive(text: try text(archive)) == archive)
        let odd = CatalogArchive(
            source: "a \"store\"", revision: StoreRevision(7), time: "2026-01-01T00:00:00Z",
            entries: [.init(key: StoreKey(path: "k/\"1\n"), value: [0, 255, 10], isLeased: true)])
        #expect(try CatalogArchive(text: try text(odd)) == odd)
    }

    @Test func `a text is lines that a person can read, as documented`() throws {
        let archive = CatalogArchive(
            source: "etcd://a:2379/skein", revision: StoreRevision(12), time: "2026-01-01T00:00:00Z",
            entries: [
                .init(key: StoreKey("format"), value: Array("1".utf8), isLeased: false),
                .init(key: StoreKey("nodes", "n1"), value: Array(#"{"id":"n1"}"#.utf8), isLeased: true),
            ])
        let lines = String(decoding: try text(archive), as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(
            lines == [
                #"{"count":2,"format":"skein-catalog","revision":12,"source":"etcd://a:2379/skein","time":"2026-01-01T00:00:00Z","version":1}"#,
                #"{"key":"format","value":"1"}"#, #"{"key":"nodes/n1","leased":true,"value":"{\"id\":\"n1\"}"}"#,
                #"{"crc32":"\#(lines.last?.split(separator: "\"")[3] ?? "")","end":2}"#,
            ])
    }

    @Test func `a text that is cut off anywhere, or has another byte anywhere, is refused`() async throws {
        let seed = TestSeed()
        var generator = seed.generator
        let whole = try text(try await archive(try await cluster()))
        for _ in 0..<100 {
            let cut = Int.random(in: 0..<whole.count, using: &generator)
            #expect(throws: CatalogError.self, "seed \(seed.value), cut at \(cut)") { try CatalogArchive(text: Array(whole.prefix(cut))) }
            var other = whole
            let place = Int.random(in: 0..<whole.count, using: &generator)
            other[place] ^= UInt8.random(in: 1...255, using: &generator)
            #expect(throws: CatalogError.self, "seed \(seed.value), another byte at \(place)") { try CatalogArchive(text: other) }
        }
    }

    @Test func `a text of a newer version is refused by a sentence`() {
        let text = #"{"format":"skein-catalog","version":2}"# + "\n" + #"{"end":0,"crc32":"00000000"}"# + "\n"
        #expect(throws: CatalogError.self) { try CatalogArchive(text: Array(text.utf8)) }
        do throws(CatalogError) {
            _ = try CatalogArchive(text: Array(text.utf8))
        } catch {
            #expect(error.code == .newerFormat)
            #expect(error.message == "the export has version 2, and this skein reads version 1: upgrade skein on this host")
        }
    }

    // MARK: The move

    @Test(arguments: LiveStore.allCases)
    func `a cluster that leaves any store is whole in the next`(kind: LiveStore) async throws {
        try await kind.run { store in
            let archive = try CatalogArchive(text: try text(try await archive(try await cluster(in: store))))
            #expect(archive.entries.count { $0.isLeased && $0.key.hasPrefix(CatalogKeys.nodes) } == 2)
            let scene = Scene(seed: 5)
            _ = try await run(archive, into: scene)
            try await checkMoved(scene, from: archive)
            try await checkInvariants(scene)
        }
    }

    @Test(arguments: LiveStore.allCases)
    func `a moved cluster is whole, and its nodes take over what is their own`(kind: LiveStore) async throws {
        let old = try await cluster()
        let archive = try await archive(old)
        try await kind.run { store in
            let scene = Scene(store, seed: 5)
            let report = try await run(archive, into: scene)
            #expect(report.nodes == 2)
            #expect(report.left == 2, "the reservations")
            let (before, after) = (try await old.catalog.endpoints().map(\.record), try await scene.catalog.endpoints().map(\.record))
            #expect(before == after)
            try await checkInvariants(scene)
            // The worker of a node, in its next life.
            for node in try await old.catalog.nodes().map(\.record) {
                let claim = try await scene.join(node.hostname, id: node.id, epoch: node.epoch.rawValue + 1)
                let own = try await scene.catalog.endpoints().filter { $0.record.node == node.id }
                #expect(own.count == 15)
                let adopted = try await scene.catalog.adopt(own, as: claim)
                #expect(adopted.map(\.record.addresses) == own.map(\.record.addresses))
                // An address that nobody has.
                let network = try await scene.catalog.network(matching: "multi")
                let fresh = try await scene.attach("new-\(node.hostname)", to: network, as: claim)
                #expect(!before.flatMap(\.addresses).contains(fresh.record.addresses[0]))
            }
            try await checkInvariants(scene)
            #expect(try await scene.catalog.deadNodes().isEmpty)
        }
    }

    @Test func `an import that dies at any step can be run again, and nobody takes its half for a whole`() async throws {
        let archive = try await archive(try await cluster())
        var steps = 0
        while true {
            let store = InMemoryStore()
            let scene = Scene(store, seed: 5)
            let first = try? await run(archive, into: scene.through(FaultyStore(store, .dieAfter(steps))))
            if first != nil { break }
            if try await !store.list(StoreKey(path: "")).entries.isEmpty {
                #expect(await refusal { try await scene.catalog.open() }?.code == .importing, "after \(steps) steps")
            }
            _ = try await run(archive, into: scene)
            #expect(try await scene.catalog.endpoints().count == 30)
            try await scene.catalog.open()
            try await checkMoved(scene, from: archive)
            steps += 1
        }
        #expect(steps > 8)
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `an import over a connection that loses answers writes everything once`(seed: UInt64) async throws {
        let archive = try await archive(try await cluster())
        let store = InMemoryStore()
        let faulty = FaultyStore(store, .oneIn(4, SeededRandomness(seed: seed)))
        let scene = Scene(store, seed: seed)
        var isDone = false
        while !isDone { isDone = (try? await run(archive, into: scene.through(faulty))) != nil }
        try await checkMoved(scene, from: archive)
    }

    private func checkMoved(_ scene: Scene, from archive: CatalogArchive) async throws {
        let present = try await scene.store.list(StoreKey(path: "")).entries
        let wanted = archive.entries.filter { !$0.isLeased || $0.key.hasPrefix(CatalogKeys.nodes) }
        #expect(present.map(\.key) == wanted.map(\.key))
        #expect(present.map(\.value) == wanted.map(\.value))
        #expect(present.map { $0.lease != nil } == wanted.map(\.isLeased))
    }

    @Test func `a node that does not come in time is dead`() async throws {
        let archive = try await archive(try await cluster())
        let clock = ManualClock()
        let scene = Scene(InMemoryStore(clock: clock))
        _ = try await run(archive, into: scene)
        #expect(try await scene.catalog.deadNodes().isEmpty)
        clock.advance(by: .seconds(601))
        #expect(try await scene.catalog.deadNodes().count == 2)
    }

    // MARK: What is refused

    @Test func `a path that is not empty is refused, and emptied by force if nobody lives there`() async throws {
        let archive = try await archive(try await cluster())
        let other = Scene(InMemoryStore(), seed: 9)
        try await other.catalog.open()
        _ = try await other.network("theirs")
        let claim = try await other.join("alive")
        #expect(await refusal { _ = try await run(archive, into: other) }?.message.contains("is not empty") == true)
        #expect(
            await refusal { _ = try await run(archive, into: other, force: true) }?.message
                == "1 nodes are alive in memory: stop their workers before their cluster is removed")
        try await other.kill(claim)
        _ = try await run(archive, into: other, force: true)
        try await checkMoved(other, from: archive)
    }

    @Test func `an import of something else is not mixed into one that was begun`() async throws {
        let archive = try await archive(try await cluster())
        let another = CatalogArchive(
            source: "elsewhere", revision: StoreRevision(3), time: "2026-01-01T00:00:00Z",
            entries: [.init(key: StoreKey("format"), value: Array("1".utf8), isLeased: false)])
        let scene = Scene()
        _ = try? await run(archive, into: scene.through(FaultyStore(scene.store, .dieAfter(5))))
        #expect(await refusal { _ = try await run(another, into: scene) }?.message.contains("begun in memory and not finished") == true)
        _ = try await run(another, into: scene, force: true)
        #expect(try await scene.store.list(StoreKey(path: "")).entries.map(\.key) == [CatalogKeys.format])
    }

    @Test func `half of a catalog, and what is none, are not exported`() async throws {
        let half = Scene()
        _ = try? await run(try await archive(try await cluster()), into: half.through(FaultyStore(half.store, .dieAfter(5))))
        #expect(await refusal { _ = try await archive(half) }?.code == .importing)
        #expect(await refusal { _ = try await archive(Scene()) }?.message == "memory holds nothing: is its path the cluster's?")
    }

    @Test func `portions are small enough for every store`() async throws {
        let counting = CountingStore(InMemoryStore())
        let archive = try await archive(try await cluster())
        let counts = try await counting.counting { _ = try await run(archive, into: Scene(counting)) }
        #expect(counts.largest <= 64)
        let large = (0..<9).map {
            CatalogArchive.Entry(key: StoreKey("k", "\($0)"), value: [UInt8](repeating: 1, count: 100_000), isLeased: false)
        }
        #expect(CatalogImport.batches(of: large).map(\.count) == [2, 2, 2, 2, 1])
    }
}
