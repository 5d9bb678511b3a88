import NetworkModel
import SwiftASN1
import X509

/// The certificates of a PEM text, such as that of `ca.pem`: the first is the cluster's own, others are trusted beside it.
struct Authorities {
    let own: Certificate

    /// - Parameter file: where the text is from, for the sentence.
    init(pem text: String, of file: String) throws(CertificateFault) {
        own = try Authorities.first(text, of: file)
        guard case .isCertificateAuthority = try? own.extensions.basicConstraints else {
            throw CertificateFault(
                .invalid, "the first certificate of \(file) is not that of an authority: give the folder skein tls init made")
        }
    }

    /// The first certificate of a text, which may have a key before it, as files of both have.
    static func first(_ text: String, of file: String) throws(CertificateFault) -> Certificate {
        let documents = (try? PEMDocument.parseMultiple(pemString: text)) ?? []
        guard let document = documents.first(where: { $0.discriminator == Certificate.defaultPEMDiscriminator }),
            let certificate = try? Certificate(pemDocument: document)
        else {
            throw CertificateFault(.invalid, "\(file) is not the PEM text of a certificate")
        }
        return certificate
    }
}
