import ClusterStore
import FoundationEssentials
import Glibc
import NetworkModel
import TestSupport
import Testing

@testable import EmbeddedStore

@Suite struct BackupTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fill(_ store: EmbeddedStore, _ keys: Range<Int>) async throws {
        for number in keys { _ = try await store.commit(StoreTransaction([], then: [.put(StoreKey("k", "\(number)"), [UInt8(number)])])) }
    }

    /// Writes a back-up of a store to a file.
    private func backUp(_ store: EmbeddedStore, to name: String) async throws {
        let copy = try await store.backUp()
        var bytes: [UInt8] = []
        while let piece = try await copy.next() { bytes += piece }
        #expect(Int64(bytes.count) == copy.size)
        try Data(bytes).write(to: URL(filePath: folder.file(name)))
    }

    private func refusal(_ body: () throws(StoreError) -> Void) -> StoreError? {
        do throws(StoreError) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test func `a back-up holds what was there when it was made, whatever is written meanwhile`() async throws {
        let store = try open(folder.file("store"))
        try await fill(store, 0..<20)
        let entries = try await store.list(StoreKey("k")).entries
        let copy = try await store.backUp()
        try await fill(store, 20..<40)
        var bytes: [UInt8] = []
        while let piece = try await copy.next() { bytes += piece }
        try Data(bytes).write(to: URL(filePath: folder.file("backup")))
        let summary = try StoreRestore(folder.file("backup"), to: folder.file("other")).restore(replacing: false)
        #expect(summary.keys == 20)
        #expect(try await open(folder.file("other")).list(StoreKey("k")).entries == entries)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.contains(".backup") || $0.contains(".restoring")
        }
        #expect(left.isEmpty)
        var status = stat()
        stat(folder.file("other"), &status)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func `a restored store is another one, so that nothing of the lost time can be mistaken for its own`() async throws {
        let store = try open(folder.file("store"))
        try await fill(store, 0..<3)
        let lease = try await store.grantLease(lasting: .seconds(60))
        try await backUp(store, to: "backup")
        try await fill(store, 3..<6)
        let lost = try await store.grantLease(lasting: .seconds(60))
        let (revision, identity) = (try await store.served.currentRevision(), store.served.identity)

        _ = try StoreRestore(folder.file("backup"), to: folder.file("other")).restore(replacing: false)
        let restored = try open(folder.file("other"))
        #expect(restored.served.identity != identity)
        // Who compares with a revision of the lost time compares with none of this store's.
        #expect(try await restored.served.currentRevision() > StoreRevision(revision.rawValue + 1_000_000))
        // Who watched lists again.
        #expect(await restored.served.watch(KeyRange(prefix: RawKey("")), from: revision.next).next() != nil)
        // A lease of before goes on; one of the lost time is gone, and its number is not given to anybody.
        try await restored.renew(lease)
        await #expect(throws: StoreError.self) { try await restored.renew(lost) }
        for _ in 0..<10 { #expect(try await restored.grantLease(lasting: .seconds(60)) != lost) }
    }

    @Test func `a store that is there is replaced by force only, with its log, and never while it is open`() async throws {
        do {
            let store = try open(folder.file("backup"))
            try await fill(store, 0..<3)
        }
        let path = folder.file("store")
        var store: EmbeddedStore? = try open(path)
        if let store { try await fill(store, 3..<9) }
        let restore = StoreRestore(folder.file("backup"), to: path)
        #expect(refusal { () throws(StoreError) in _ = try restore.restore(replacing: false) }?.message.contains("--force") == true)
        #expect(refusal { () throws(StoreError) in _ = try restore.restore(replacing: true) }?.code == .unavailable)
        #expect(try await store?.list(StoreKey("k")).entries.count == 6)
        // As kill -9 leaves it: with a log.
        try folder.copyDatabase("store", to: "killed")
        store = nil
        let killed = StoreRestore(folder.file("backup"), to: folder.file("killed"))
        #expect(try killed.restore(replacing: true).keys == 3)
        #expect(try await open(folder.file("killed")).list(StoreKey("k")).entries.map(\.value) == [[0], [1], [2]])
    }

    @Test func `a damaged store is replaced by force`() async throws {
        do {
            let store = try open(folder.file("backup"))
            try await fill(store, 0..<3)
        }
        let path = folder.file("store")
        try String(repeating: "no store\n", count: 1_000).write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try StoreRestore(folder.file("backup"), to: path).restore(replacing: true).keys == 3)
        #expect(try await open(path).list(StoreKey("k")).entries.count == 3)
    }

    @Test func `what is no whole back-up is refused, and nothing is made of it`() async throws {
        do {
            let store = try open(folder.file("backup"))
            try await fill(store, 0..<100)
        }
        let whole = try Data(contentsOf: URL(filePath: folder.file("backup")))
        for (name, bytes) in [("empty", Data()), ("cut", whole.prefix(whole.count / 2)), ("text", Data("hello".utf8))] {
            try bytes.write(to: URL(filePath: folder.file(name)))
            let error = refusal { () throws(StoreError) in
                _ = try StoreRestore(folder.file(name), to: folder.file("new")).restore(replacing: false)
            }
            #expect(error?.code == .rejected)
            #expect(error?.message.contains(folder.file(name)) == true)
            #expect(!FileManager.default.fileExists(atPath: folder.file("new")))
        }
        let missing = refusal { () throws(StoreError) in
            _ = try StoreRestore(folder.file("none"), to: folder.file("new")).restore(replacing: false)
        }
        #expect(missing?.code == .denied)
    }

    @Test func `who holds a store is named`() {
        let locks = """
            1: POSIX  ADVISORY  WRITE 4711 fd:01:131 1073741826 1073742335
            2: FLOCK  ADVISORY  WRITE 12 fd:01:99 0 EOF
            3: POSIX  ADVISORY  READ -1 fd:01:77 0 EOF
            """
        #expect(LockHolder.process(holding: 131, in: locks) == 4711)
        #expect(LockHolder.process(holding: 99, in: locks) == nil)
        #expect(LockHolder.process(holding: 77, in: locks) == nil)
    }
}
