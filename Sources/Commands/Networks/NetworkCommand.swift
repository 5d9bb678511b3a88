import ArgumentParser

/// `skein network`.
struct NetworkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network", abstract: "Manage networks",
        discussion: "The verbs, flags and output formats are those of `docker network`.",
        subcommands: [
            NetworkCreate.self, NetworkList.self, NetworkInspect.self, NetworkRemove.self, NetworkConnect.self, NetworkDisconnect.self,
            NetworkPrune.self,
        ])
}
