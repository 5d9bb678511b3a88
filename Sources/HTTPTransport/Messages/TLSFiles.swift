/// The PEM files of a TLS connection: Docker's `kv.cacertfile`, `kv.certfile` and `kv.keyfile`.
public struct TLSFiles: Hashable, Sendable {
    /// Who may vouch for the server; nil for the system's authorities.
    public var caFile: String?
    public var certificateFile: String?
    public var keyFile: String?

    public init(caFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil) {
        self.caFile = caFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}
