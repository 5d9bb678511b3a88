import ArgumentParser
import ClusterCatalog
import DaemonKit

/// `skein store export`.
struct StoreExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write all records of a cluster as lines of JSON",
        discussion: """
            It is what skein store import reads, for any kind of store. All records are of one revision; what is written after that is not in \
            it, so stop what could write first: see docs/operations/moving.md.

              skein store export --cluster-store embedded:///var/lib/skein/store.sqlite cluster.jsonl
            """)

    @OptionGroup var flags: StoreFlags
    @Argument(help: "Where to write; - is standard output.", completion: .file()) var file = "-"

    func run() async throws {
        let archive = try await ChosenStore(flags).archive()
        guard file != "-" else {
            try archive.write { Console.print($0) }
            return
        }
        var output = try OutputFile(file)
        var text: [UInt8] = []
        try archive.write { text += $0 }
        try output.write(text)
        try output.finish()
        Console.print("\(file): \(archive.entries.count) keys of \(archive.source) at revision \(archive.revision)\n")
    }
}
