public import NetworkModel

/// Where an API is served: `unix:///run/skein/worker.sock` or `tcp://0.0.0.0:2375`, Docker's `-H` forms.
public enum ListenAddress: TextValue {
    case unix(path: String)
    case tcp(host: String, port: UInt16)

    public init(_ text: String) throws(InvalidValue) {
        if text.hasPrefix("unix://") {
            self = try ListenAddress.unix(text)
        } else if text.hasPrefix("tcp://") {
            self = try ListenAddress.tcp(text.dropFirst("tcp://".count), in: text)
        } else {
            throw InvalidValue("invalid address \"\(text)\": it must be like unix:///run/skein/worker.sock or tcp://10.0.0.5:2375")
        }
    }

    /// The longest path of a unix socket: `sun_path` is 108 bytes with its NUL (sys/un.h), and where it is bound has three more bytes.
    private static let longestSocketPath = 104

    private static func unix(_ text: String) throws(InvalidValue) -> ListenAddress {
        let path = String(text.dropFirst("unix://".count))
        guard path.hasPrefix("/"), path.utf8.count <= longestSocketPath else {
            throw InvalidValue("invalid address \"\(text)\": it needs an absolute path of at most \(longestSocketPath) bytes")
        }
        return .unix(path: path)
    }

    private static func tcp(_ rest: Substring, in text: String) throws(InvalidValue) -> ListenAddress {
        guard let (host, port) = HostPort.split(rest), !host.isEmpty else {
            throw InvalidValue("invalid address \"\(text)\": it needs a host and a port from 1 to 65535")
        }
        return .tcp(host: host, port: port)
    }

    public var isTCP: Bool {
        if case .tcp = self { true } else { false }
    }

    public var description: String {
        switch self {
        case .unix(let path): "unix://\(path)"
        case .tcp(let host, let port): "tcp://\(HostPort.join(host, port))"
        }
    }
}

/// `host:port`, with brackets around an IPv6 literal (RFC 3986 section 3.2.2).
public enum HostPort {
    /// The parts, the host without its brackets; nil if the form or the port (1 ... 65535) is wrong.
    public static func split(_ text: some StringProtocol) -> (host: String, port: UInt16)? {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0 else { return nil }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard isBracketed == host.contains(":") else { return nil }
        return (isBracketed ? String(host.dropFirst().dropLast()) : String(host), port)
    }

    /// The text that ``split(_:)`` reads.
    public static func join(_ host: String, _ port: UInt16) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
