public import NetworkModel
import SwiftASN1
import X509

/// Who vouches for everybody in a cluster: whoever has its key can be anybody.
public struct CertificateAuthority: Sendable {
    /// The text of `ca.pem`.
    public let pem: String
    /// The text of `ca-key.pem`.
    public var keyPEM: String { key.pem }
    /// When the authority's own certificate is valid.
    public let lifetime: Lifetime
    let certificate: Certificate
    let key: SigningKey

    /// A new authority, which nobody knows yet.
    public init(creating name: String, for lifetime: Lifetime, _ randomness: any Randomness) throws {
        let name = try CertificateRequest.checked(name)
        let key = SigningKey(randomness)
        let subject = try DistinguishedName { CommonName(name) }
        certificate = try CertificateForm(
            subject: subject, issuer: subject, key: key.published,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.published)
            }
        ).signed(by: key, lifetime, randomness)
        pem = try certificate.text
        self.key = key
        self.lifetime = lifetime
    }

    /// The authority of files that exist.
    ///
    /// - Parameters:
    ///   - pem: certificates, the authority's own before those that are trusted beside it.
    ///   - key: its private key.
    ///   - folder: where they are, for the sentences.
    public init(pem: String, key: String, in folder: String) throws(CertificateFault) {
        certificate = try Authorities(pem: pem, of: "\(folder)/ca.pem").own
        self.key = try SigningKey(pem: key, of: "\(folder)/ca-key.pem")
        guard self.key.published == certificate.publicKey else {
            throw CertificateFault(.conflict, "\(folder)/ca-key.pem is not the key of the first certificate in \(folder)/ca.pem")
        }
        self.pem = pem
        lifetime = Lifetime(certificate.notValidBefore, certificate.notValidAfter)
    }

    /// A certificate with a new key.
    public func issue(_ request: CertificateRequest, for lifetime: Lifetime, _ randomness: any Randomness) throws -> IssuedCertificate {
        let key = SigningKey(randomness)
        let name = request.subject
        let form = CertificateForm(
            subject: try request.hasCommonName ? DistinguishedName { CommonName(name) } : DistinguishedName { OrganizationName(name) },
            issuer: certificate.subject, key: key.published,
            extensions: try extensions(request.purpose, of: key))
        return try sign(form, key, lifetime, randomness)
    }

    /// A certificate that says what an old one does, for a new time.
    ///
    /// - Parameters:
    ///   - old: the text of the old one, which another authority may have signed.
    ///   - key: its key, or another one.
    ///   - file: where the old one is, for the sentences.
    public func renew(
        _ old: String, of file: String, with key: SigningKey, for lifetime: Lifetime, _ randomness: any Randomness
    ) throws -> IssuedCertificate {
        let old = try Authorities.first(old, of: file)
        if case .isCertificateAuthority = try old.extensions.basicConstraints {
            throw CertificateFault(.invalid, "\(file) is an authority's own certificate: make another authority with skein tls init")
        }
        // All that does not depend on who signs and with which key.
        let kept = old.extensions.filter {
            ![.X509ExtensionID.authorityKeyIdentifier, .X509ExtensionID.subjectKeyIdentifier].contains($0.oid)
        }
        let form = CertificateForm(
            subject: old.subject, issuer: certificate.subject, key: key.published,
            extensions: try Certificate.Extensions(kept + identifiers(of: key)))
        return try sign(form, key, lifetime, randomness)
    }

    private func sign(
        _ form: CertificateForm, _ key: SigningKey, _ lifetime: Lifetime, _ randomness: any Randomness
    ) throws -> IssuedCertificate {
        let lifetime = lifetime.within(self.lifetime)
        guard lifetime.start < lifetime.end else {
            throw CertificateFault(
                .forbidden, "the authority's own certificate is not valid at this time: make another one with skein tls init")
        }
        return try IssuedCertificate(try form.signed(by: self.key, lifetime, randomness), key, lifetime)
    }

    /// RFC 5280 section 4.2. A node is both sides: a member of a store calls its fellows with the certificate that it serves with.
    private func extensions(_ purpose: CertificateRequest.Purpose, of key: SigningKey) throws -> Certificate.Extensions {
        var extensions = try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(KeyUsage(digitalSignature: true))
        }
        switch purpose {
        case .node(let names):
            try extensions.append(Certificate.Extension(try ExtendedKeyUsage([.serverAuth, .clientAuth]), critical: false))
            try extensions.append(Certificate.Extension(SubjectAlternativeNames(names.map(\.general)), critical: false))
        case .client:
            try extensions.append(Certificate.Extension(try ExtendedKeyUsage([.clientAuth]), critical: false))
        }
        return try Certificate.Extensions(extensions + identifiers(of: key))
    }

    /// Which key signed it, and which it is of: two authorities of one name are told apart by it.
    private func identifiers(of key: SigningKey) throws -> [Certificate.Extension] {
        let own = try certificate.extensions.subjectKeyIdentifier ?? SubjectKeyIdentifier(hash: certificate.publicKey)
        return [
            try Certificate.Extension(AuthorityKeyIdentifier(keyIdentifier: own.keyIdentifier), critical: false),
            try Certificate.Extension(SubjectKeyIdentifier(hash: key.published), critical: false),
        ]
    }
}
