public import HTTPTransport

/// What a Consul is told with every call besides what is wanted of it.
public struct ConsulAccess: Hashable, Sendable {
    /// The ACL token; nil for the agent's own, or for a Consul without ACLs. A file is read for every call, so that a new token needs no
    /// restart.
    public var token: Secret?
    /// The datacentre that is asked; nil for the agent's.
    public var datacenter: String?
    /// The namespace of all keys (Consul Enterprise); nil for the token's.
    public var namespace: String?

    public init(token: Secret? = nil, datacenter: String? = nil, namespace: String? = nil) {
        self.token = token
        self.datacenter = datacenter
        self.namespace = namespace
    }

    /// A text without the token, should a server have repeated it.
    func withoutToken(_ text: String) -> String {
        guard let token = try? token?.read(), !token.isEmpty else { return text }
        return text.split(separator: token, omittingEmptySubsequences: false).joined(separator: "[token]")
    }
}
