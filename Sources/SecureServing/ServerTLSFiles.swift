/// The PEM files of a server: Docker's `--tlscacert`, `--tlscert` and `--tlskey`.
public struct ServerTLSFiles: Hashable, Sendable {
    /// Whose clients are served: the certificates of one or more authorities.
    public let authorities: String
    /// What the server shows: its certificate, and those between it and its authority.
    public let certificate: String
    public let key: String

    public init(authorities: String, certificate: String, key: String) {
        self.authorities = authorities
        self.certificate = certificate
        self.key = key
    }

    var all: [String] { [authorities, certificate, key] }
}
