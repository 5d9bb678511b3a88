import ArgumentParser
import WorkerAPI

/// `skein sandbox rm`.
struct SandboxRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Detach and remove sandboxes of the worker's host", aliases: ["remove"])

    @OptionGroup var daemon: DaemonOptions
    @Flag(
        name: [.customShort("f"), .customLong("force")],
        help: "End the processes that run in it; one that is not there is no error.")
    var isForced = false
    @Argument(help: "Names or ids.", completion: NameCompletion.sandboxes) var sandboxes: [String]

    func run() async throws {
        let client = try daemon.client()
        try await SeveralTargets.each(sandboxes) { sandbox in
            try await SandboxAPI(client: client).remove(sandbox, isForced: isForced)
            Console.print(sandbox + "\n")
        }
    }
}
