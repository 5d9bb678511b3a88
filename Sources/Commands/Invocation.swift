import ArgumentParser

/// The process's arguments, made ready for the parser.
struct Invocation: Equatable {
    /// What `-H` before the first verb names.
    var host: String?
    var arguments: [String]

    init(_ arguments: [String]) throws {
        self.arguments = arguments
        while let first = self.arguments.first, let value = try takeHost(first) { host = value }
        if self.arguments.first == "network" { self.arguments = try Self.plainFlags(self.arguments) }
    }

    /// It is read here and not by the parser, which would find it among the arguments of the command in `skein run` as well.
    private mutating func takeHost(_ first: String) throws -> String? {
        for prefix in ["--host=", "-H="] where first.hasPrefix(prefix) {
            arguments.removeFirst()
            return String(first.dropFirst(prefix.count))
        }
        guard first == "-H" || first == "--host" else { return nil }
        guard arguments.count > 1 else { throw ValidationError("Missing value for '\(first) <address>'") }
        let value = arguments[1]
        arguments.removeFirst(2)
        return value
    }

    // MARK: Docker's flags with a value

    private static let switches: Set<String> = [
        "attachable", "config-only", "force", "ingress", "internal", "no-trunc", "quiet", "verbose",
    ]
    /// Those that can be switched off.
    private static let choices: Set<String> = ["ipv4", "ipv6"]

    /// `--internal=true` as `--internal`, `--ipv4=false` as `--no-ipv4`.
    private static func plainFlags(_ arguments: [String]) throws -> [String] {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        return try arguments[..<end].flatMap { try plainFlag($0) } + arguments[end...]
    }

    private static func plainFlag(_ argument: String) throws -> [String] {
        guard argument.hasPrefix("--"), argument.contains("=") else { return [argument] }
        let (name, value) = KeyValues.pair(String(argument.dropFirst(2)))
        guard switches.contains(name) || choices.contains(name) else { return [argument] }
        switch value.lowercased() {
        case "1", "t", "true": return ["--\(name)"]
        case "0", "f", "false": return choices.contains(name) ? ["--no-\(name)"] : []
        default: throw ValidationError("invalid value \"\(value)\" for --\(name): it must be true or false")
        }
    }
}
