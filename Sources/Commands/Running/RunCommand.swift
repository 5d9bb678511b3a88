import ArgumentParser
import NetworkModel
import WorkerAPI

/// `skein run`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a command in a new sandbox",
        discussion: """
            In the foreground the sandbox is removed when the command ends, and the exit status is the command's. \
            In the background (-d) the sandbox stays until `skein sandbox rm -f`. \
            The exit status is 127 for a command that is not found, 126 for one that cannot be executed, and 125 when the sandbox \
            cannot be made.

              skein run --net multi ping -c 3 demo1
              skein run -d --name demo2 --net multi --ip 10.5.0.9 sleep 1h
            """)

    @OptionGroup var daemon: DaemonOptions
    @Option(help: "The sandbox's name, which other sandboxes find it by; one is made up if none is given.") var name: String?
    @OptionGroup var attachment: AttachmentFlags
    @OptionGroup var flags: ProgramFlags
    @Flag(name: .customLong("rm"), help: "Always so in the foreground.") var isRemoved = false
    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("The command and its arguments.", valueName: "command"))
    var command: [String]

    func validate() throws {
        if let first = command.first { try Passthrough.check(first, of: Self.self) }
    }

    func run() async throws {
        do {
            if isRemoved, flags.isDetached {
                throw CommandFault(.unsupported, "--rm with --detach is not supported yet: use skein sandbox rm -f")
            }
            let program = try flags.program(command)
            try program.check()
            let body = try attachment.body(name: name ?? SandboxName.random())
            let run = SandboxRun(client: try daemon.client(), body: body, program: program)
            try await flags.isDetached ? run.inBackground() : run.inForeground()
        } catch let fault as ProgramFault {
            Console.complain(fault.message)
            throw ExitCode(fault.status)
        } catch let fault as any Fault {
            Console.complain(fault.message)
            throw ExitCode(Program.Status.ownFailure)
        }
    }
}

/// One program in a sandbox of its own.
private struct SandboxRun {
    let client: DaemonClient
    let body: SandboxCreateBody
    let program: Program

    /// Prints the sandbox's id; the sandbox stays.
    func inBackground() async throws {
        ForwardedSignals.take()
        let sandbox = try await api.create(body)
        do {
            try refuseAfterSignal()
            _ = try Launcher(program: program, namespace: try namespace(of: sandbox), isDetached: true).start()
        } catch {
            await remove(sandbox)
            throw error
        }
        Console.print(sandbox.id + "\n")
    }

    /// Ends with the program's exit status; the sandbox goes with it, also when a signal ends it.
    func inForeground() async throws {
        ForwardedSignals.take()
        let sandbox = try await api.create(body)
        let status: Int32
        do {
            try refuseAfterSignal()
            let process = try Launcher(program: program, namespace: try namespace(of: sandbox), isDetached: false).start()
            status = ForwardedSignals.forward(to: process)
        } catch {
            await remove(sandbox)
            throw error
        }
        await remove(sandbox)
        throw ExitCode(status)
    }

    private var api: SandboxAPI { SandboxAPI(client: client) }

    private func refuseAfterSignal() throws(ProgramFault) {
        if let signal = ForwardedSignals.early {
            throw ProgramFault(Program.Status.signalled + signal, "interrupted by signal \(signal): the sandbox is removed")
        }
    }

    /// - Throws: when the sandbox is on another host, whose worker answered.
    private func namespace(of sandbox: SandboxResource) throws(CommandFault) -> String {
        guard let name = sandbox.namespaceName, SandboxNamespace.exists(name) else {
            throw CommandFault(
                .invalid, "the namespace of \(sandbox.name) is not on this host: \(client.address) is the worker of another")
        }
        return name
    }

    /// What ended the run is what the user needs to hear; a sandbox that could not be removed is told beside it.
    private func remove(_ sandbox: SandboxResource) async {
        do {
            try await api.remove(sandbox.id, isForced: true)
        } catch {
            Console.complain("the sandbox \(sandbox.name) is still there: \(error); remove it with skein sandbox rm -f \(sandbox.name)")
        }
    }
}
