import ArgumentParser
import NetworkModel

/// `skein network rm`.
struct NetworkRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove networks that nothing is attached to", aliases: ["remove"])

    @OptionGroup var daemon: DaemonOptions
    @Flag(name: [.customShort("f"), .customLong("force")], help: "A network that is not there is no error.") var isForced = false
    @Argument(help: "Names or ids.", completion: NameCompletion.networks) var networks: [String]

    func run() async throws {
        let client = try daemon.client()
        try await SeveralTargets.each(networks) { network in
            do {
                try await client.delete(APITarget("networks", network))
            } catch let fault as CommandFault where isForced && fault.kind == .notFound {
                return
            }
            Console.print(network + "\n")
        }
    }
}
