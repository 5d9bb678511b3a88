import CCurl

/// How libcurl says a call or a transfer went.
struct CurlCode: Hashable, Sendable {
    let rawValue: UInt32

    init(_ code: CURLcode) {
        rawValue = code.rawValue
    }

    var isOK: Bool { self == CurlCode(CURLE_OK) }

    var text: String {
        unsafe String(cString: curl_easy_strerror(CURLcode(rawValue: rawValue)))
    }

    /// A call that should not fail.
    func check(_ what: @autoclosure () -> String) throws(HTTPError) {
        guard isOK else { throw HTTPError(.invalidRequest, "libcurl refused \(what()): \(text)") }
    }

    /// The error of a transfer, or nil if it is whole.
    ///
    /// - Parameters:
    ///   - isIssued: whether libcurl had begun to send the request, which alone decides whether it may have been carried out.
    ///   - remains: what the transfer's handle knows, which is asked only of one that failed.
    func error(of request: HTTPRequest, isIssued: Bool, _ remains: @autoclosure () -> TransferRemains, _ files: TLSFiles?) -> HTTPError? {
        guard !isOK else { return nil }
        let (peer, remains) = (request.peer, remains())
        let detail = remains.detail.isEmpty ? text : remains.detail
        let trouble = TLSTrouble(peer: peer, files: files, verdict: remains.verdict, detail: detail)
        let cause = Self.lowercasingFirst(remains.systemError != 0 ? SystemError(remains.systemError).description : detail)
        guard isIssued else { return isAboutTLS ? trouble.unsent(self) : unsentError(peer: peer, cause: cause) }
        if remains.isFirstUse, let refusal = trouble.refusedHandshake() { return refusal }
        switch self {
        // Nothing of the request went into the connection before it was found broken; or libcurl has then asked for another one to repeat it on.
        case CurlCode(CURLE_SEND_ERROR) where remains.bytesSent == 0, CurlCode(CURLE_ABORTED_BY_CALLBACK) where remains.bytesSent == 0,
            CurlCode(CURLE_COULDNT_CONNECT) where remains.bytesSent == 0:
            return request.isSecure && remains.isFirstUse
                ? trouble.brokenHandshake : HTTPError(.notSent, "the connection to \(peer) broke before the request was sent: \(cause)")
        case CurlCode(CURLE_OPERATION_TIMEDOUT): return HTTPError(.timedOut, "\(peer) did not answer in time")
        case CurlCode(CURLE_ABORTED_BY_CALLBACK), CurlCode(CURLE_COULDNT_CONNECT):
            return HTTPError(.broken, "the connection to \(peer) broke before it answered")
        // So etcd does away with who speaks plainly where it speaks TLS.
        case CurlCode(CURLE_GOT_NOTHING) where remains.isFirstUse && !request.isSecure && request.unixSocket == nil:
            return HTTPError(.broken, "the connection to \(peer) broke before it answered: \(cause); it may ask for TLS")
        default: return HTTPError(.broken, "the connection to \(peer) broke before its answer was whole: \(cause)")
        }
    }

    private func unsentError(peer: String, cause: String) -> HTTPError {
        if self == CurlCode(CURLE_URL_MALFORMAT) || self == CurlCode(CURLE_UNSUPPORTED_PROTOCOL) {
            return HTTPError(.invalidRequest, "the URL of '\(peer)' is wrong: \(cause)")
        }
        return HTTPError(
            .notSent, "cannot connect to \(peer): \(self == CurlCode(CURLE_OPERATION_TIMEDOUT) ? "no connection in time" : cause)")
    }

    private var isAboutTLS: Bool {
        [
            CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_CLIENTCERT,
        ].contains { CurlCode($0) == self }
    }

    static func lowercasingFirst(_ sentence: String) -> String {
        // An abbreviation keeps its capitals.
        guard sentence.dropFirst().first?.isLowercase == true else { return sentence }
        return sentence.prefix(1).lowercased() + sentence.dropFirst()
    }
}
