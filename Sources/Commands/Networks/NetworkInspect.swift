import ArgumentParser
import EngineAPI

/// `skein network inspect`.
struct NetworkInspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show networks with the endpoints of all nodes, as JSON",
        discussion: """
              skein network inspect multi
              skein network inspect -f '{{range .Containers}}{{.Name}} {{.IPv4Address}}{{println}}{{end}}' multi
            """)

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var output: FormatOption
    @Flag(name: [.customShort("v"), .customLong("verbose")], help: "Show also the nodes that take part.") var isVerbose = false
    @Argument(help: "Names or ids.", completion: NameCompletion.networks) var networks: [String]

    func run() async throws {
        let client = try daemon.client()
        let query = isVerbose ? [("verbose", "true")] : []
        try await SeveralTargets.inspect(networks, format: output.format) { network in
            let resource = try await client.get(APITarget("networks", network, query: query), as: NetworkResource.self)
            return try TemplateValue(encoding: resource)
        }
    }
}
