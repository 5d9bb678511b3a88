/// Where one server of a store listens for clients: a member of an etcd cluster, the server of an embedded store, an agent of Consul.
public struct ServerEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// A name or an address; an IPv6 address without brackets.
    public let host: String
    public let port: UInt16
    /// Whether it speaks TLS.
    public let isSecure: Bool

    public init(host: String, port: UInt16, isSecure: Bool = false) {
        self.host = host
        self.port = port
        self.isSecure = isSecure
    }

    /// Host and port, as in a URL.
    public var description: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// - Parameter path: begins with a slash, and may have a query.
    public func url(path: String) -> String { "\(isSecure ? "https" : "http")://\(description)\(path)" }
}
