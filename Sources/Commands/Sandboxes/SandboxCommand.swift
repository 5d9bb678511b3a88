import ArgumentParser

/// `skein sandbox`.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "Manage sandboxes: network namespaces that are attached to networks",
        subcommands: [SandboxCreate.self, SandboxList.self, SandboxInspect.self, SandboxExec.self, SandboxRemove.self])
}
