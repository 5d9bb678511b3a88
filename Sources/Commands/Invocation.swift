import ArgumentParser

/// The process's arguments, made ready for the parser.
struct Invocation {
    /// The flags before the first verb.
    var leading = LeadingOptions()
    var arguments: [String]

    init(_ arguments: [String]) throws {
        self.arguments = arguments
        while let first = self.arguments.first, try takeHost(first) || takeTLS(first) {}
        if self.arguments.first == "network" { self.arguments = try Self.plainFlags(self.arguments) }
    }

    /// It is read here and not by the parser, which would find it among the arguments of the command in `skein run` as well.
    /// - Returns: whether it is the daemon's address.
    private mutating func takeHost(_ first: String) throws -> Bool {
        guard let value = try takeValue(first, ["--host", "-H"]) else { return false }
        leading.host = value
        return true
    }

    private mutating func takeTLS(_ first: String) throws -> Bool {
        if first == TLSOptions.flag {
            arguments.removeFirst()
            leading.tls.isVerifying = true
            return true
        }
        for (flag, field) in zip(TLSOptions.fileFlags, [\TLSChoice.authorities, \.certificate, \.key]) {
            guard let value = try takeValue(first, [flag]) else { continue }
            leading.tls[keyPath: field] = value
            return true
        }
        return false
    }

    private mutating func takeValue(_ first: String, _ flags: [String]) throws -> String? {
        for flag in flags where first.hasPrefix(flag + "=") {
            arguments.removeFirst()
            return String(first.dropFirst(flag.count + 1))
        }
        guard flags.contains(first) else { return nil }
        guard arguments.count > 1 else {
            throw ValidationError("Missing value for '\(first) <\(flags.contains("-H") ? "address" : "path")>'")
        }
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
