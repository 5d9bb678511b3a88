import ClusterAuthority
import FoundationEssentials
import HTTPTransport
import NetworkModel
import SecureServing
import TestSupport

/// An authority with its folder of certificates.
struct Certificates {
    let folder: TemporaryFolder
    let authority: CertificateAuthority
    private let randomness = SystemRandomness()
    private let now = SystemTime().now()

    init() throws {
        folder = try TemporaryFolder()
        authority = try CertificateAuthority(creating: "test", for: Lifetime(days: 10, from: now), randomness)
        try write(authority.pem, "ca.pem")
    }

    func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: folder.file(name)))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.file(name))
    }

    func issue(_ purpose: CertificateRequest.Purpose, days: Int = 5) throws -> IssuedCertificate {
        try authority.issue(CertificateRequest(subject: "test", purpose: purpose), for: Lifetime(days: days, from: now), randomness)
    }

    /// Writes a certificate for 127.0.0.1.
    func server() throws -> ServerTLSFiles {
        let issued = try issue(.node(ServerName.loopback))
        try write(issued.keyPEM, "key.pem")
        try write(issued.pem, "cert.pem")
        return ServerTLSFiles(authorities: folder.file("ca.pem"), certificate: folder.file("cert.pem"), key: folder.file("key.pem"))
    }

    /// Writes a client's certificate; it trusts the authority of `others`.
    func client(of others: Certificates? = nil, name: String = "client") throws -> TLSFiles {
        let issued = try issue(.client)
        try write(issued.keyPEM, name + "-key.pem")
        try write(issued.pem, name + ".pem")
        return TLSFiles(
            caFile: (others ?? self).folder.file("ca.pem"), certificateFile: folder.file(name + ".pem"),
            keyFile: folder.file(name + "-key.pem"))
    }
}
