import ArgumentParser
import EngineAPI

/// `skein network disconnect`.
struct NetworkDisconnect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "disconnect", abstract: "Detach a sandbox from a network")

    @OptionGroup var daemon: DaemonOptions
    @Flag(name: [.customShort("f"), .customLong("force")], help: "Also when the sandbox or its node is gone.") var isForced = false
    @Argument(help: "The network's name or id.", completion: NameCompletion.networks) var network: String
    @Argument(help: "The sandbox's name or id.", completion: NameCompletion.sandboxes) var sandbox: String

    func run() async throws {
        let body = NetworkDisconnectBody(container: sandbox, isForced: isForced)
        try await daemon.client().post(APITarget("networks", network, "disconnect"), body)
    }
}
