import ClusterCatalog
import ClusterStore
import EmbeddedStore
import Foundation
import Hummingbird
import Logging
import StoreAPI
import TestSupport
import Testing

@testable import Commands

/// `skein store`, by the real program on real stores.
@Suite struct StoreCommandTests {
    private let skein = SkeinCommand(host: "unix:///nowhere")
    private let folder: TemporaryFolder
    private var url: String { "embedded://\(path)" }
    private var path: String { folder.file("store.sqlite") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open(_ name: String, root: String = "skein") throws -> EmbeddedStore {
        try EmbeddedStore(
            path: folder.file(name), root: root, clock: ContinuousClock(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// A catalog of three keys, and one that a lease holds.
    private func fill() async throws {
        let store = try open("store.sqlite")
        let lease = try await store.grantLease(lasting: .seconds(3_600))
        _ = try await store.commit(
            StoreTransaction(
                [],
                then: [
                    .put(StoreKey("format"), Array("1".utf8)), .put(StoreKey("networks", "a"), Array("{}".utf8)),
                    .put(StoreKey("networks", "b"), Array("{}".utf8)), .put(StoreKey("nodes", "n"), Array("{}".utf8), lease: lease),
                ]))
    }

    @Test func `status shows the revision, the size and the kinds of keys`() async throws {
        try await fill()
        let outcome = try await skein("store", "status", "--cluster-store", url, "--check")
        #expect(outcome.status == 0)
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(
            lines.filter { !$0.hasPrefix("Size: ") } == [
                "Cluster Store: \(url)", "Revision: 2", "Keys: 4", " format: 1", " networks: 2", " nodes: 1", "Damage: none",
            ])
        #expect(lines.contains { $0.hasPrefix("Size: ") && $0.hasSuffix(" KiB in use") })
        #expect(try await skein("store", "status", "--cluster-store", url, "-f", "{{.Keys}}") == .success("4\n"))
    }

    @Test func `a store that somebody has open is told with who has it`() async throws {
        let store = try open("store.sqlite")
        _ = try await store.list([])
        let outcome = try await skein("store", "status", "--cluster-store", url)
        #expect(outcome.status == 1)
        #expect(outcome.errors.hasPrefix("skein: \(path) is open in another process (process \(getpid()), "))
    }

    @Test func `a store that is not there is not made`() async throws {
        #expect(try await skein("store", "export", "--cluster-store", url) == .failure("skein: there is no store at \(path)\n"))
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `an export is imported below another path, once`() async throws {
        try await fill()
        let file = folder.file("cluster.jsonl")
        let target = "embedded://\(folder.file("new.sqlite"))"
        #expect(
            try await skein("store", "export", "--cluster-store", url, file)
                == .success("\(file): 4 keys of \(url) at revision 2\n"))
        let arguments = ["--cluster-store", target, "--cluster-store-opt", "kv.path=prod/skein"]
        let outcome = try await skein("store", "import", arguments[0], arguments[1], arguments[2], arguments[3], file)
        #expect(
            outcome
                == .success(
                    "\(target): 4 keys written and read back\n1 nodes are held for 600 s: start their workers with the new store by then\n")
        )
        let again = try await skein("store", "import", arguments[0], arguments[1], arguments[2], arguments[3], file)
        #expect(again.status == 1)
        #expect(again.errors.contains("is not empty, it holds 4 keys"))
        let entries = try await open("new.sqlite", root: "prod/skein").list(StoreKey(path: "")).entries
        #expect(entries.map(\.key.path) == ["format", "networks/a", "networks/b", "nodes/n"])
        #expect(entries.map { $0.lease != nil } == [false, false, false, true])
    }

    @Test func `an export goes through a pipe`() async throws {
        try await fill()
        let export = try await skein("store", "export", "--cluster-store", url)
        #expect(export.status == 0)
        let target = "embedded://\(folder.file("new.sqlite"))"
        #expect(try await skein("store", "import", "--cluster-store", target, input: export.output).status == 0)
        #expect(
            try await skein("store", "import", "--cluster-store", target, input: String(export.output.dropLast(20)))
                == .failure("skein: the export is cut off: its last line is missing; export again\n"))
    }

    @Test func `a back-up is restored as a store, and only over one that is given up`() async throws {
        try await fill()
        let (backup, data) = (folder.file("backup"), folder.file("restored.sqlite"))
        let saved = try await skein("store", "backup", "--cluster-store", url, backup)
        #expect(saved.output.hasPrefix("\(backup): 4 keys at revision 2, "))
        #expect(try FileManager.default.attributesOfItem(atPath: backup)[.posixPermissions] as? Int == 0o600)
        #expect(try await skein("store", "restore", backup, "--data", data).output.hasPrefix("\(data): 4 keys as of revision 2, "))
        #expect(
            try await skein("store", "restore", backup, "--data", data)
                == .failure("skein: \(data) is there already: --force gives up what it holds\n"))
        #expect(try await skein("store", "restore", backup, "--data", data, "--force").status == 0)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !["backup", "restored.sqlite"].contains($0) }
        #expect(left.allSatisfy { $0.hasPrefix("store.sqlite") })
    }

    @Test func `flags that are missing are told`() async throws {
        #expect(
            try await skein("store", "status")
                == .failure("skein: --cluster-store is missing: it must be given, like --cluster-store etcd://10.0.0.1:2379\n"))
        let outcome = try await skein("store", "import", "--cluster-store", url, "--hold-nodes", "5", folder.file("none"))
        #expect(outcome == .failure("skein: invalid --hold-nodes 5: it must be 10 to 86400 seconds\n"))
    }

    @Test(arguments: [(0, "0 B"), (1_023, "1023 B"), (1_024, "1.0 KiB"), (1_600_000, "1.5 MiB"), (5 << 30, "5.0 GiB")])
    func `bytes are shown for people`(count: Int64, text: String) {
        #expect(ByteCount(count).description == text)
    }
}
