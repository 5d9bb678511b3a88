import CCurl
import NetworkModel

/// Why there is no trusted connection, in words that name the file or the peer. libcurl's own sentence is the last resort.
struct TLSTrouble {
    let peer: String
    let files: TLSFiles?
    /// OpenSSL's verdict on the peer's certificate (`X509_V_ERR_…` of `x509_vfy.h`), 0 if there is none.
    let verdict: Int
    /// libcurl's sentence.
    let detail: String

    /// A connection that was not made.
    func unsent(_ code: CurlCode) -> HTTPError {
        HTTPError(
            .tls, "no trusted connection to \(peer): \(fileTrouble(code) ?? peerTrouble ?? alert ?? CurlCode.lowercasingFirst(detail))")
    }

    /// A connection that the peer has ended when we had made it: it looks at our certificate last.
    ///
    /// - Returns: nil unless the peer says that this is about certificates. It has not taken up the request then, though we had sent it
    ///   (RFC 8446, 4.4.2.4 and 6.2).
    func refusedHandshake() -> HTTPError? {
        alert.map { HTTPError(.tls, "no trusted connection to \(peer): \($0)") }
    }

    /// A connection that the peer has broken before anything was sent on it.
    var brokenHandshake: HTTPError {
        let cause =
            files?.certificateFile.map { "it ended the connection right after the handshake; it may not accept the certificate '\($0)'" }
            ?? "it ended the connection right after the handshake; it may ask for a certificate of ours"
        return HTTPError(.tls, "no trusted connection to \(peer): \(cause)")
    }

    private var peerTrouble: String? {
        switch verdict {
        case 10: return "its certificate has expired"
        case 9: return "its certificate is not valid yet; compare the clocks"
        case 18, 19, 20, 21:
            return files?.caFile.map { "its certificate is signed by none of the authorities in '\($0)'" }
                ?? "its certificate is signed by none of this system's authorities"
        default: break
        }
        if detail.contains("does not match target host name") || detail.contains("subject name matches target host name") {
            return "its certificate is for other names"
        }
        if detail.contains("wrong version number") { return "it does not speak TLS" }
        // So does etcd that is asked for TLS and has none.
        let isClosed = ["SSL_ERROR_SYSCALL", "unexpected eof", "Connection reset"].contains(where: detail.contains)
        return isClosed ? "it ended the handshake; it may not speak TLS" : nil
    }

    /// What the peer has said of our certificate, in OpenSSL's words.
    private var alert: String? {
        let words = [
            "bad certificate", "certificate required", "certificate expired", "unknown ca", "certificate unknown", "access denied",
        ]
        guard detail.contains("alert"), let word = words.first(where: detail.contains) else { return nil }
        // A server that got no certificate may say "bad certificate".
        guard let certificate = files?.certificateFile else { return "it asks for a certificate of ours, and there is none (\(word))" }
        return "it does not accept the certificate '\(certificate)' (\(word)): has it expired, or has another authority signed it?"
    }

    /// Which of our files cannot be used.
    private func fileTrouble(_ code: CurlCode) -> String? {
        guard code == CurlCode(CURLE_SSL_CERTPROBLEM) || code == CurlCode(CURLE_SSL_CACERT_BADFILE) else { return nil }
        let marks = [
            (files?.caFile, "CERTIFICATE-----"), (files?.certificateFile, "CERTIFICATE-----"), (files?.keyFile, "PRIVATE KEY-----"),
        ]
        for case (let file?, let mark) in marks {
            if let trouble = Self.trouble(in: file, without: mark) { return trouble }
        }
        guard code == CurlCode(CURLE_SSL_CERTPROBLEM), let key = files?.keyFile, let certificate = files?.certificateFile else {
            return nil
        }
        return "the key '\(key)' cannot be used with the certificate '\(certificate)'"
    }

    private static func trouble(in file: String, without mark: String) -> String? {
        do throws(InvalidValue) {
            let text = String(decoding: try SmallFile.read(file), as: UTF8.self)
            if text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED") {
                return "the key '\(file)' is encrypted; it must be without a passphrase"
            }
            return text.contains(mark) ? nil : "'\(file)' is no PEM file of a \(mark.contains("KEY") ? "key" : "certificate")"
        } catch {
            return error.message
        }
    }
}
