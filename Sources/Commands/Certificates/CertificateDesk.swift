import ClusterAuthority
import NetworkModel

/// What `skein tls` does, between the authority and the files.
struct CertificateDesk {
    let time: any WallTime
    let randomness: any Randomness

    static let ofHost = CertificateDesk(time: SystemTime(), randomness: SystemRandomness())

    private static let (authority, authorityKey) = ("ca.pem", "ca-key.pem")
    private static let (certificate, key) = ("cert.pem", "key.pem")

    /// Makes an authority.
    /// - Returns: a line about it, as the other two do.
    func found(_ folder: String, name: String, days: Int) throws -> String {
        let authority = try CertificateAuthority(creating: name, for: Lifetime(days: days, from: time.now()), randomness)
        try CertificateFolder(path: folder).create([
            CertificateFile(name: Self.authorityKey, text: authority.keyPEM, isSecret: true),
            CertificateFile(name: Self.authority, text: authority.pem),
        ])
        return "\(folder): the authority \"\(name)\", until \(authority.lifetime.lastDay)\n"
    }

    func issue(_ request: CertificateRequest, from authorityFolder: String, to folder: String?, days: Int) throws -> String {
        guard let folder = folder ?? Self.folder(of: request.subject) else {
            throw CommandFault(.invalid, "\"\(request.subject)\" cannot be the name of a folder: give one with --out")
        }
        let authority = try self.authority(authorityFolder)
        let issued = try authority.issue(request, for: Lifetime(days: days, from: time.now()), randomness)
        try CertificateFolder(path: folder).create(Self.files(issued, authority))
        return Self.line(folder, issued)
    }

    func renew(_ path: String, from authorityFolder: String, hasNewKey: Bool, days: Int) throws -> String {
        let folder = CertificateFolder(path: path)
        let authority = try self.authority(authorityFolder)
        let old = try folder.read(Self.certificate)
        let key = hasNewKey ? SigningKey(randomness) : try SigningKey(pem: try folder.read(Self.key), of: "\(path)/\(Self.key)")
        let issued = try authority.renew(
            old, of: "\(path)/\(Self.certificate)", with: key, for: Lifetime(days: days, from: time.now()), randomness)
        try folder.replace(Self.files(issued, authority).filter { hasNewKey || !$0.isSecret })
        return Self.line(path, issued)
    }

    private func authority(_ path: String) throws -> CertificateAuthority {
        let folder = CertificateFolder(path: path)
        guard folder.has(Self.authority) else {
            throw CommandFault(
                .notFound, "\(path) has no \(Self.authority): make an authority with skein tls init, or name its folder with --ca")
        }
        return try CertificateAuthority(pem: try folder.read(Self.authority), key: try folder.read(Self.authorityKey), in: path)
    }

    /// - Parameter names: what the certificate is called, and the other names and addresses of a host.
    static func request(_ names: [String], isClient: Bool, hasCommonName: Bool = true) throws -> CertificateRequest {
        guard let subject = names.first else { throw InvalidValue("a certificate needs a name") }
        guard isClient else {
            var called = try names.map { name throws(InvalidValue) in try ServerName(name) }
            for name in ServerName.loopback where !called.contains(name) { called.append(name) }
            return try CertificateRequest(subject: subject, purpose: .node(called), hasCommonName: hasCommonName)
        }
        guard names.count == 1 else {
            throw InvalidValue("a client is called by nobody: give it one name, and not \"\(names.dropFirst().joined(separator: " "))\"")
        }
        return try CertificateRequest(subject: subject, purpose: .client, hasCommonName: hasCommonName)
    }

    private static func folder(of subject: String) -> String? {
        subject.contains("/") || subject.hasPrefix(".") || subject.hasPrefix("*") ? nil : subject
    }

    /// The key before the certificate that fits it.
    private static func files(_ issued: IssuedCertificate, _ authority: CertificateAuthority) -> [CertificateFile] {
        [
            CertificateFile(name: key, text: issued.keyPEM, isSecret: true),
            CertificateFile(name: certificate, text: issued.pem),
            CertificateFile(name: Self.authority, text: authority.pem),
        ]
    }

    private static func line(_ folder: String, _ issued: IssuedCertificate) -> String {
        let callers = issued.names.isEmpty ? "a client" : issued.names.map(\.description).joined(separator: ", ")
        return "\(folder): \(issued.subject), for \(callers), until \(issued.lifetime.lastDay)\n"
    }
}
