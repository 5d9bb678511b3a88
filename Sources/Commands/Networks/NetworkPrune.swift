import ArgumentParser
import EngineAPI
import NetworkModel

/// `skein network prune`.
struct NetworkPrune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "prune", abstract: "Remove all networks that nothing is attached to")

    @OptionGroup var daemon: DaemonOptions
    @Option(
        name: .customLong("filter"), help: ArgumentHelp("Remove only those: until, label or label!.", valueName: "name=value"))
    var filters: [String] = []
    @Flag(name: [.customShort("f"), .customLong("force")], help: "Do not ask first.") var isForced = false

    private static let question = """
        WARNING! This will remove all networks not used by at least one sandbox, on all nodes.
        Are you sure you want to continue?
        """

    func run() async throws {
        let target = APITarget("networks", "prune", query: try FilterFlags.query(filters))
        guard isForced || Console.confirms(Self.question) else {
            throw CommandFault(.invalid, "network prune has been cancelled")
        }
        let deleted = try await daemon.client().post(target, as: NetworkPruneAnswer.self).networksDeleted ?? []
        guard !deleted.isEmpty else { return }
        Console.print("Deleted Networks:\n" + deleted.map { $0 + "\n" }.joined() + "\n")
    }
}
