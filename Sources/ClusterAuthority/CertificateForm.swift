import NetworkModel
import SwiftASN1
import X509

/// A certificate before it is signed.
struct CertificateForm {
    let subject: DistinguishedName
    let issuer: DistinguishedName
    let key: Certificate.PublicKey
    let extensions: Certificate.Extensions

    func signed(by authority: SigningKey, _ lifetime: Lifetime, _ randomness: any Randomness) throws -> Certificate {
        try Certificate(
            version: .v3, serialNumber: Self.serialNumber(randomness), publicKey: key, notValidBefore: lifetime.dates.start,
            notValidAfter: lifetime.dates.end, issuer: issuer, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: extensions, issuerPrivateKey: authority.signer)
    }

    /// 126 random bits behind a one: positive, and never longer than the 20 bytes of RFC 5280 section 4.1.2.2.
    private static func serialNumber(_ randomness: any Randomness) -> Certificate.SerialNumber {
        var bytes = (0..<2).flatMap { _ in withUnsafeBytes(of: randomness.next().bigEndian, Array.init) }
        bytes[0] = bytes[0] & 0x3f | 0x40
        return Certificate.SerialNumber(bytes: bytes)
    }
}

extension Certificate {
    /// The text of a PEM file (RFC 7468).
    var text: String {
        get throws { try serializeAsPEM().pemString + "\n" }
    }
}
