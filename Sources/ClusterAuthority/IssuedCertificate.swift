import NetworkModel
import X509

/// A certificate and its key, ready to be written down.
public struct IssuedCertificate: Sendable {
    /// The text of `cert.pem`.
    public let pem: String
    /// The text of `key.pem`.
    public let keyPEM: String
    /// How the subject reads, as in `CN=node-1`.
    public let subject: String
    /// What clients may call its holder; none for a client.
    public let names: [ServerName]
    public let lifetime: Lifetime

    init(_ certificate: Certificate, _ key: SigningKey, _ lifetime: Lifetime) throws {
        pem = try certificate.text
        keyPEM = key.pem
        subject = "\(certificate.subject)"
        names = (try certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames()).compactMap(ServerName.init)
        self.lifetime = lifetime
    }
}
