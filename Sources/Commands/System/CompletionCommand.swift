import ArgumentParser

/// `skein completion`.
struct CompletionCommand: ParsableCommand {
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, fish, zsh
    }

    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print the completion script of a shell",
        discussion: """
              skein completion bash > /etc/bash_completion.d/skein
              skein completion zsh > /usr/local/share/zsh/site-functions/_skein
              skein completion fish > /etc/fish/completions/skein.fish
            """)

    @Argument(help: "bash, fish or zsh.") var shell: Shell

    func run() throws {
        let kinds: [Shell: CompletionShell] = [.bash: .bash, .fish: .fish, .zsh: .zsh]
        guard let kind = kinds[shell] else { return }
        Console.print(Skein.completionScript(for: kind) + "\n")
    }
}
