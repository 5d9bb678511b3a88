import NIOSSL

/// Why a handshake failed, in a sentence about the peer.
struct HandshakeCause {
    let sentence: String

    /// Reasons of BoringSSL (ssl.h and ssl_errors), which come as text only.
    private static let known = [
        ("PEER_DID_NOT_RETURN_A_CERTIFICATE", "it showed no certificate"),
        ("CERTIFICATE_VERIFY_FAILED", "its certificate is not of this cluster's authority, not for clients, or not valid at this time"),
        ("ALERT_UNKNOWN_CA", "it does not trust the authority of this server's certificate"),
        ("ALERT_CERTIFICATE_EXPIRED", "it holds this server's certificate for expired"),
        ("ALERT_BAD_CERTIFICATE", "it refuses this server's certificate: was it called by another name?"),
        ("ALERT_CERTIFICATE_UNKNOWN", "it refuses this server's certificate: was it called by another name?"),
        ("UNSUPPORTED_PROTOCOL", "it speaks no version of TLS from 1.2 on"),
        ("NO_SHARED_CIPHER", "it has no cipher in common with this server"),
        ("eofDuringHandshake", "it hung up during the handshake"),
        // An alert in clear text where only ciphered text may come: what OpenSSL sends when it does not trust the server.
        (
            "DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
            "it broke off the handshake: it may not trust this server's certificate, or call it by another name"
        ),
    ]

    init(_ error: any Error) {
        let text = "\(error)"
        sentence = Self.known.first { text.contains($0.0) }?.1 ?? Self.reason(in: text)
    }

    /// The name of BoringSSL's reason, without the place in its sources.
    private static func reason(in text: String) -> String {
        guard let start = text.firstRange(of: "OPENSSL_internal:")?.upperBound else { return text }
        return "\(text[start...].prefix { $0 != " " })"
    }
}
