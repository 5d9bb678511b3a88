import ArgumentParser
import Glibc
import KernelNetwork
import NetworkModel
import WorkerAPI

/// `skein sandbox exec`.
struct SandboxExec: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Run a command in a sandbox of this host",
        discussion: """
            The command has the sandbox's network, resolver and devices, and the host's files and processes. \
            The exit status is the command's, 127 if it is not found, 126 if it cannot be executed, 125 if the sandbox cannot be entered.

              skein sandbox exec demo1 ip address
            """)

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var flags: ProgramFlags
    @Argument(help: "The sandbox's name or id.", completion: NameCompletion.sandboxes) var sandbox: String
    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("The command and its arguments.", valueName: "command"))
    var command: [String]

    func validate() throws {
        try Passthrough.check(sandbox, of: Self.self)
    }

    func run() async throws {
        do {
            let program = try flags.program(command)
            try program.check()
            let namespace = try await namespace()
            guard !flags.isDetached else {
                _ = try Launcher(program: program, namespace: namespace, isDetached: true).start()
                return
            }
            try become(program, in: namespace)
        } catch let fault as ProgramFault {
            Console.complain(fault.message)
            throw ExitCode(fault.status)
        } catch let error as KernelError {
            Console.complain(error.message)
            throw ExitCode(LaunchReport.status(of: error))
        } catch let fault as any Fault {
            Console.complain(fault.message)
            throw ExitCode(Program.Status.ownFailure)
        }
    }

    /// A namespace that is here under the name given needs no worker: what runs goes on while it is down.
    private func namespace() async throws -> String {
        if let name = (try? EndpointName(sandbox)).map(SandboxNamespace.name), SandboxNamespace.exists(name) { return name }
        let found = try await daemon.client().get(APITarget("skein", "v1", "sandboxes", sandbox), as: SandboxResource.self)
        guard found.kind != "engine" else {
            throw CommandFault(
                .invalid,
                "\(found.name) is a container of an engine and no sandbox of Skein's own: use docker exec \(found.name) on its host")
        }
        guard let name = found.namespaceName, SandboxNamespace.exists(name) else {
            let host = found.node.hostname.isEmpty ? String(found.node.id.prefix(12)) : found.node.hostname
            throw CommandFault(.invalid, "sandbox \(found.name) is on node \(host): run the command there")
        }
        return name
    }

    /// The program takes the place of this process, so that signals and the terminal are its own.
    private func become(_ program: Program, in namespace: String) throws -> Never {
        if let directory = program.directory, chdir(directory) != 0 {
            throw CommandFault(.invalid, "cannot run in \(directory): \(String(cString: strerror(errno)))")
        }
        Descriptors.closeOnExecution(from: STDERR_FILENO + 1)
        // Ignored signals stay ignored across the start of a program, and a library may have ignored this one.
        signal(SIGPIPE, SIG_DFL)
        for (name, value) in program.environment { setenv(name, value, 1) }
        try NamespaceExecution.replaceProcess(with: program.command, in: namespace)
    }
}
