import ArgumentParser
import ClusterCatalog
import ClusterStore
import DaemonKit
import FoundationEssentials
import NetworkModel

/// `skein store import`.
struct StoreImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Put the records of a cluster into an empty store",
        discussion: """
            The path of the store must be empty. Until the last record is there, controllers and workers of the new store wait. An import that \
            was interrupted goes on when it is run again with the same file.

            Records of nodes are held for a while: each worker takes its own over when it is started with the new store, and a node whose \
            worker does not come in that time is taken for dead.

              skein store import --cluster-store etcd://10.0.0.1:2379 cluster.jsonl
            """)

    @OptionGroup var flags: StoreFlags
    @Option(help: ArgumentHelp("How long workers may take to join the new store.", valueName: "seconds")) var holdNodes = 600
    @Flag(
        name: [.customShort("f"), .customLong("force")],
        help: "Remove first what the path holds. A cluster whose nodes are alive is refused all the same.")
    var isForced = false
    @Argument(help: "What skein store export has written; - is standard input.", completion: .file()) var file = "-"

    /// A day: Consul's bound of a session.
    private static let longestHold = 86_400

    func run() async throws {
        guard (10...Self.longestHold).contains(holdNodes) else {
            throw InvalidValue("invalid --hold-nodes \(holdNodes): it must be 10 to \(Self.longestHold) seconds")
        }
        let archive = try CatalogArchive(text: try text())
        let chosen = try ChosenStore(flags, mayBeNew: true)
        let report = try await CatalogImport(archive, into: chosen.catalog, holdingNodesFor: .seconds(holdNodes))
            .run(replacing: isForced)
        var lines = ["\(chosen.store.location): \(report.written) keys written and read back"]
        if report.found > 0 { lines.append("\(report.found) keys were there from an import that was interrupted") }
        if report.left > 0 { lines.append("\(report.left) keys left behind: requests and reservations of a moment") }
        if report.nodes > 0 {
            lines.append("\(report.nodes) nodes are held for \(holdNodes) s: start their workers with the new store by then")
        }
        Console.print(lines.joined(separator: "\n") + "\n")
    }

    private func text() throws -> [UInt8] {
        guard file != "-" else { return Descriptors.readAll(0) }
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: file)))
        } catch {
            throw CommandFault(.notFound, "cannot read \(file): \(error)")
        }
    }
}
