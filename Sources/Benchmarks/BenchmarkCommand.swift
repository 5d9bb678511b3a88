public import ArgumentParser

/// `skein-bench`: what `scripts/bench` measures from inside, because a process a measurement would cost more than what is measured.
public struct BenchmarkCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "skein-bench", abstract: "Measures parts of Skein; scripts/bench calls it and shows the figures.",
        subcommands: [
            ConnectCommand.self, ResolveCommand.self, PeersCommand.self, IdleDriverCommand.self, AttachesCommand.self, MirrorCommand.self,
            WatchersCommand.self,
        ])

    public init() {}
}
