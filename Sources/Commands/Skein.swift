public import ArgumentParser
import Glibc
import NetworkModel

/// The command `skein`.
public struct Skein: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "skein", abstract: "Networks for containers on many hosts",
        discussion: """
            Asks the worker of this host, or the daemon that -H or SKEIN_HOST names (unix:///PATH or tcp://HOST:PORT). \
            -H may also stand before the first verb.

            On TCP it speaks TLS with Docker's flags, before the verb or behind it, and Docker's variables: --tlsverify or SKEIN_TLS_VERIFY or \
            DOCKER_TLS_VERIFY; --tlscacert, --tlscert and --tlskey, or ca.pem, cert.pem and key.pem in the folder that SKEIN_CERT_PATH or \
            DOCKER_CERT_PATH names.
            """,
        version: "skein version \(SkeinVersion.current)",
        subcommands: [
            NetworkCommand.self, SandboxCommand.self, RunCommand.self, NodeCommand.self, PortCommand.self, StoreCommand.self,
            InfoCommand.self, DoctorCommand.self, TLSCommand.self,
            VersionCommand.self, CompletionCommand.self,
        ])

    public static var _errorPrefix: String { "skein: " }

    public init() {}

    /// Does what the process's arguments say, and ends the process.
    public static func start() async -> Never {
        Glibc.exit(await run(Array(CommandLine.arguments.dropFirst())))
    }

    /// - Returns: the exit status.
    private static func run(_ arguments: [String]) async -> Int32 {
        Launcher.becomeProgram(arguments)
        do {
            let invocation = try Invocation(arguments)
            try await DaemonOptions.$leading.withValue(invocation.leading) {
                var command = try await Skein.asyncParseAsRoot(invocation.arguments)
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            }
            return 0
        } catch {
            return tell(error)
        }
    }

    private static func tell(_ error: any Error) -> Int32 {
        if let fault = error as? any Fault {
            Console.complain(fault.message)
            return 1
        }
        let status = exitCode(for: error).rawValue
        var text = fullMessage(for: error)
        if !text.isEmpty, text.last != "\n" { text += "\n" }
        if status == 0 { Console.print(text) } else { Console.printError(text) }
        return status
    }
}
