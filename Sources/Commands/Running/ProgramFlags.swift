import ArgumentParser
import NetworkModel

/// The flags of `docker exec` and `docker run` that say how a program runs.
struct ProgramFlags: ParsableArguments {
    @Flag(name: [.customShort("d"), .customLong("detach")], help: "Run it in the background.") var isDetached = false
    @Option(name: [.customShort("e"), .customLong("env")], help: ArgumentHelp("A variable of its environment.", valueName: "name=value"))
    var environment: [String] = []
    @Flag(name: [.customShort("i"), .customLong("interactive")], help: "Always so: it has the terminal's input.") var isInteractive = false
    @Flag(name: [.customShort("t"), .customLong("tty")], help: "Always so: it has the terminal.") var hasTerminal = false
    @Option(name: [.customShort("w"), .customLong("workdir")], help: ArgumentHelp("The directory it runs in.", valueName: "directory"))
    var directory: String?
    @Option(name: [.customShort("u"), .customLong("user")], help: ArgumentHelp("Not supported yet.", valueName: "user")) var user: String?
    @Flag(help: "Not supported: a sandbox isolates the network alone.") var privileged = false

    func program(_ command: [String]) throws(CommandFault) -> Program {
        if let user { throw CommandFault(.unsupported, "--user \(user) is not supported yet: run it with setpriv or su") }
        if privileged { throw CommandFault(.unsupported, "--privileged is not supported: a sandbox isolates the network alone") }
        if isDetached, isInteractive || hasTerminal {
            throw CommandFault(.invalid, "--detach has no terminal: leave -i and -t out")
        }
        return Program(
            command: command.first == "--" ? Array(command.dropFirst()) : command, environment: try variables(), directory: directory)
    }

    /// A name alone passes the caller's own on, as it is anyway.
    private func variables() throws(CommandFault) -> [String: String] {
        if let flaw = environment.first(where: { $0.isEmpty || $0.hasPrefix("=") }) {
            throw CommandFault(.invalid, "invalid environment variable \"\(flaw)\": it must be like name=value")
        }
        return KeyValues.read(environment.filter { $0.contains("=") })
    }
}
