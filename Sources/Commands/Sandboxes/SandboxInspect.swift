import ArgumentParser
import WorkerAPI

/// `skein sandbox inspect`.
struct SandboxInspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show sandboxes as JSON",
        discussion: "  skein sandbox inspect -f '{{range .Networks}}{{join .Addresses \" \"}}{{end}}' demo1")

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var output: FormatOption
    @Argument(help: "Names or ids.", completion: NameCompletion.sandboxes) var sandboxes: [String]

    func run() async throws {
        let client = try daemon.client()
        try await SeveralTargets.inspect(sandboxes, format: output.format) { sandbox in
            try TemplateValue(encoding: try await client.get(APITarget("skein", "v1", "sandboxes", sandbox), as: SandboxResource.self))
        }
    }
}
