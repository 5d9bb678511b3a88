import Crypto
public import NetworkModel
import X509

/// A private key on the curve P-256, which every TLS library has.
public struct SigningKey: Sendable {
    let key: P256.Signing.PrivateKey

    /// A new key of the next 256 random bits.
    public init(_ randomness: any Randomness) {
        while true {
            let bytes = (0..<4).flatMap { _ in withUnsafeBytes(of: randomness.next().bigEndian, Array.init) }
            // All but one in 2^32 of them are below the order of the curve, as a key must be (SEC 1, section 3.2.1).
            guard let key = try? P256.Signing.PrivateKey(rawRepresentation: bytes) else { continue }
            self.key = key
            return
        }
    }

    /// Reads what ``pem`` gives (PKCS #8), or what OpenSSL writes (SEC 1).
    /// - Parameter file: where the text is from, for the sentence.
    public init(pem text: String, of file: String) throws(CertificateFault) {
        guard let key = try? P256.Signing.PrivateKey(pemRepresentation: text) else {
            throw CertificateFault(.invalid, "\(file) is not the PEM text of a private key on the curve P-256, which skein tls makes")
        }
        self.key = key
    }

    /// The text of a key file: `BEGIN PRIVATE KEY` (RFC 5958).
    public var pem: String { key.pemRepresentation + "\n" }

    /// What signs.
    var signer: Certificate.PrivateKey { Certificate.PrivateKey(key) }
    /// What others know of it.
    var published: Certificate.PublicKey { Certificate.PublicKey(key.publicKey) }
}
