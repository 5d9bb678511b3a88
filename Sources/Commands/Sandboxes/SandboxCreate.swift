import ArgumentParser
import WorkerAPI

/// `skein sandbox create`.
struct SandboxCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a sandbox on the worker's host and print its id",
        discussion: "  skein sandbox create --net multi --ip 10.5.0.9 demo1")

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var attachment: AttachmentFlags
    @Argument(help: "The sandbox's name, which other sandboxes find it by; one is made up if none is given.") var name: String?

    func run() async throws {
        let body = try attachment.body(name: name ?? SandboxName.random())
        let sandbox = try await SandboxAPI(client: try daemon.client()).create(body)
        Console.print(sandbox.id + "\n")
    }
}
