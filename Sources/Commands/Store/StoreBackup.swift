import ArgumentParser
import ClusterStore
import DaemonKit
import EmbeddedStore
import NetworkModel

/// `skein store backup`.
struct StoreBackup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy a store as it is now, while it is in use",
        discussion: """
            Of an embedded store the copy is read once through before it is called whole; skein store restore makes a store of it. Of an etcd \
            it is etcd's own snapshot, which etcdctl snapshot restore reads. A file of that name is replaced once the copy is whole.

              skein store backup --cluster-store etcd://10.0.0.1:2379 /var/backups/skein-$(date +%F).sqlite
            """)

    @OptionGroup var flags: StoreFlags
    @Argument(help: "Where to put the copy.", completion: .file()) var file: String

    func run() async throws {
        let chosen = try ChosenStore(flags)
        guard let maintenance = chosen.maintenance else {
            throw CommandFault(
                .unsupported, "\(chosen.store.location) gives no copies: use its own tools (consul snapshot save), or skein store export")
        }
        var output = try OutputFile(file)
        let copy = try await maintenance.backUp()
        var size: Int64 = 0
        while let piece = try await copy.next() {
            try output.write(piece)
            size += Int64(piece.count)
        }
        guard try StoreRestore.isStore(output.draft) else {
            // etcd's database is pages of 512 bytes or more, and behind it is its SHA-256 (etcdctl's snapshot package).
            guard size % 512 == 32 else {
                throw CommandFault(.unavailable, "the copy of \(chosen.store.location) is not whole: its sum is missing; try again")
            }
            try output.finish()
            return Console.print("\(file): etcd's snapshot, \(ByteCount(size))\n")
        }
        let summary = try StoreRestore.examine(output.draft)
        try output.finish()
        Console.print("\(file): \(summary.keys) keys at revision \(summary.revision), \(ByteCount(size))\n")
    }
}
