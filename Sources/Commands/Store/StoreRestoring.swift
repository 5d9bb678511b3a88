import ArgumentParser
import EmbeddedStore
import NetworkModel

/// `skein store restore`.
struct StoreRestoring: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Make an embedded store of a back-up",
        discussion: """
            The controller that is to keep the store must not run. What was written after the back-up was made is lost, but for what running \
            workers hold: they put that back.

              skein store restore /var/backups/skein-2026-11-25.sqlite --data /var/lib/skein/store.sqlite
            """)

    @Option(help: ArgumentHelp("The store's file, as in embedded:///PATH.", valueName: "path"), completion: .file()) var data: String
    @Flag(name: [.customShort("f"), .customLong("force")], help: "Replace a store that is there.") var isForced = false
    @Argument(help: "What skein store backup has written.", completion: .file()) var file: String

    func run() async throws {
        let summary = try StoreRestore(file, to: data).restore(replacing: isForced)
        Console.print("\(data): \(summary.keys) keys as of revision \(summary.revision), \(ByteCount(summary.bytes))\n")
    }
}
