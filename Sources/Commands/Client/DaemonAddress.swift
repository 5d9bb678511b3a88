import NetworkModel

/// Where a daemon listens: Docker's `-H` forms `unix:///run/skein/worker.sock` and `tcp://10.0.0.5:2376`.
enum DaemonAddress: Hashable, Sendable, CustomStringConvertible {
    case unix(path: String)
    /// The authority of a URL, `host:port`, and whether TLS is spoken there.
    case tcp(String, isSecure: Bool)

    static let standard = "unix:///run/skein/worker.sock"
    static let variable = "SKEIN_HOST"
    /// - Parameter isSecure: whether TLS is spoken on TCP, which decides the usual port.
    init(_ text: String, isSecure: Bool = false) throws(InvalidValue) {
        if text.hasPrefix("unix://") {
            let path = String(text.dropFirst("unix://".count))
            // `sun_path` is 108 bytes with its NUL (sys/un.h).
            guard path.hasPrefix("/"), path.utf8.count < 108 else {
                throw InvalidValue("invalid host \"\(text)\": it needs an absolute path of at most 107 bytes")
            }
            self = .unix(path: path)
        } else if text.hasPrefix("tcp://") {
            self = .tcp(try Self.authority(text.dropFirst("tcp://".count), in: text, isSecure: isSecure), isSecure: isSecure)
        } else {
            throw InvalidValue("invalid host \"\(text)\": it must be like \(Self.standard) or tcp://10.0.0.5:2375")
        }
    }

    private static func authority(_ rest: Substring, in text: String, isSecure: Bool) throws(InvalidValue) -> String {
        let problem = InvalidValue("invalid host \"\(text)\": it needs a host, and a port from 1 to 65535 or none")
        let rest = rest.last == "/" ? rest.dropLast() : rest
        let isBracketed = rest.hasPrefix("[") && rest.hasSuffix("]")
        guard !isBracketed, let colon = rest.lastIndex(of: ":") else {
            guard isHost(rest) else { throw problem }
            // Docker's ports.
            return "\(rest):\(isSecure ? 2376 : 2375)"
        }
        guard isHost(rest[..<colon]), let port = UInt16(rest[rest.index(after: colon)...]), port > 0 else { throw problem }
        return String(rest)
    }

    /// A name, an IPv4 address, or an IPv6 address in brackets (RFC 3986 section 3.2.2).
    private static func isHost(_ text: Substring) -> Bool {
        if text.hasPrefix("["), text.hasSuffix("]") {
            return (try? IPAddress(String(text.dropFirst().dropLast())))?.family == .v6
        }
        return !text.isEmpty
            && text.utf8.allSatisfy { byte in
                byte > 0x2c && byte < 0x7f && !":/?@[]\\<>^`{|}".utf8.contains(byte)
            }
    }

    /// The URL that requests begin with. A unix socket has no host, so any does.
    var base: String {
        switch self {
        case .unix: "http://skein"
        case .tcp(let authority, let isSecure): "\(isSecure ? "https" : "http")://\(authority)"
        }
    }

    var socketPath: String? {
        if case .unix(let path) = self { path } else { nil }
    }

    var description: String {
        switch self {
        case .unix(let path): "unix://\(path)"
        case .tcp(let authority, _): "tcp://\(authority)"
        }
    }
}
