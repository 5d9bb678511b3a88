import Glibc

/// What the node's record says of its host, for people.
public struct HostFacts: Hashable, Sendable {
    public let hostname: String
    public let kernelVersion: String
    public let operatingSystem: String
    /// As `uname -m` says it.
    public let architecture: String

    /// Reads uname(2) and os-release(5).
    public init() {
        var name = utsname()
        uname(&name)
        hostname = Self.text(name.nodename)
        kernelVersion = Self.text(name.release)
        architecture = Self.text(name.machine)
        operatingSystem = Self.prettyName() ?? Self.text(name.sysname)
    }

    private static func text<Field>(_ field: Field) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static func prettyName() -> String? {
        guard let text = try? DurableFile(path: "/etc/os-release").read() else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
        return line.map { String($0.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" }) }
    }
}
