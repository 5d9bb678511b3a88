public import NetworkModel

/// Where the cluster's records are kept: Docker's `--cluster-store`.
///
/// `etcd://a:2379,b:2379/prod/skein` names servers of one store and the root of all keys in it, and so does `consul://`; `embedded:///var/lib/skein/store.sqlite`
/// is a database in the controller's own process.
public struct StoreURL: TextValue {
    public enum Place: Hashable, Sendable {
        /// etcd, or a controller with an embedded store: they speak the same protocol.
        case etcd([StoreServer])
        /// Agents of Consul.
        case consul([StoreServer])
        /// A file, by its absolute path.
        case embedded(path: String)
    }

    public let place: Place
    /// The prefix of all keys, without slashes at its ends; nil for the default.
    public let root: String?

    public init(_ text: String) throws(InvalidValue) {
        guard let separator = text.firstRange(of: "://"), separator.lowerBound > text.startIndex else {
            throw InvalidValue(
                "invalid --cluster-store \"\(text)\": it must be like etcd://10.0.0.1:2379 or embedded:///var/lib/skein/store.sqlite")
        }
        let rest = text[separator.upperBound...]
        let usable = "use etcd://, consul:// or embedded://"
        switch text[..<separator.lowerBound] {
        case "etcd":
            place = .etcd(try StoreURL.servers(rest.prefix { $0 != "/" }, usualPort: 2379, in: text))
            root = try StoreURL.root(rest.drop { $0 != "/" }, in: text)
        case "consul":
            place = .consul(try StoreURL.servers(rest.prefix { $0 != "/" }, usualPort: 8500, in: text))
            root = try StoreURL.root(rest.drop { $0 != "/" }, in: text)
        case "embedded":
            place = .embedded(path: try StoreURL.file(rest, in: text))
            root = nil
        case "zk":
            throw InvalidValue("the cluster store \"\(text)\" cannot be used: ZooKeeper is not supported; \(usable)")
        case let scheme:
            throw InvalidValue("the cluster store \"\(text)\" cannot be used: \(scheme) is not supported; \(usable)")
        }
    }

    private static func servers(_ list: Substring, usualPort: UInt16, in text: String) throws(InvalidValue) -> [StoreServer] {
        // What stands before it may be a password, which is not repeated.
        guard !list.contains("@") else {
            throw InvalidValue(
                "invalid --cluster-store: no user and no password belong into it; give --cluster-store-opt kv.username=NAME and"
                    + " --cluster-store-opt kv.passwordfile=FILE")
        }
        var servers: [StoreServer] = []
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
            guard let server = StoreServer(part, usualPort: usualPort) else {
                throw InvalidValue(
                    "invalid --cluster-store \"\(text)\": \"\(part)\" is not a server; write its host and port, such as 10.0.0.1:2379")
            }
            if !servers.contains(server) { servers.append(server) }
        }
        return servers
    }

    private static func root(_ path: Substring, in text: String) throws(InvalidValue) -> String? {
        let trimmed = StoreURL.trimmed(path)
        guard !trimmed.isEmpty else { return nil }
        guard isRoot(trimmed) else {
            throw InvalidValue("invalid --cluster-store \"\(text)\": \"\(trimmed)\" cannot be a path of keys")
        }
        return String(trimmed)
    }

    private static func file(_ path: Substring, in text: String) throws(InvalidValue) -> String {
        guard path.hasPrefix("/"), !path.hasSuffix("/") else {
            throw InvalidValue(
                "invalid --cluster-store \"\(text)\": it needs the absolute path of a file, such as embedded:///var/lib/skein/store.sqlite")
        }
        return String(path)
    }

    /// A path without the slashes at its ends.
    static func trimmed(_ path: some StringProtocol) -> Substring {
        var rest = Substring(path)
        while rest.hasPrefix("/") { rest = rest.dropFirst() }
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        return rest
    }

    /// Whether a path without slashes at its ends can be a prefix of keys: no empty segment, no blank.
    static func isRoot(_ path: some StringProtocol) -> Bool {
        !path.contains("//") && !path.contains { $0.isWhitespace || $0 == "?" || $0 == "#" }
    }

    public var description: String {
        switch place {
        case .etcd(let servers): describe("etcd", servers)
        case .consul(let servers): describe("consul", servers)
        case .embedded(let path): "embedded://\(path)"
        }
    }

    private func describe(_ scheme: String, _ servers: [StoreServer]) -> String {
        "\(scheme)://\(servers.map(\.description).joined(separator: ","))" + (root.map { "/\($0)" } ?? "")
    }
}

/// One server of a cluster store.
public struct StoreServer: Hashable, Sendable, CustomStringConvertible {
    /// A name or an address, without brackets.
    public let host: String
    public let port: UInt16

    /// Reads `host`, `host:port` or `[IPv6]:port`; nil for anything else.
    init?(_ text: Substring, usualPort: UInt16) {
        guard let (host, port) = HostPort.split(text) ?? HostPort.split("\(text):\(usualPort)"), Self.isHost(host) else { return nil }
        self.host = host
        self.port = port
    }

    private static func isHost(_ host: String) -> Bool {
        if host.contains(":") { return (try? IPAddress(host)) != nil }
        return !host.isEmpty
            && host.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || "0123456789.-_".unicodeScalars.contains($0)) }
    }

    public var description: String { HostPort.join(host, port) }
}
