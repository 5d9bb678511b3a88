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
    func check(_ what: String) throws(HTTPError) {
        guard isOK else { throw HTTPError(.invalidRequest, "libcurl refused \(what): \(text)") }
    }

    /// The error of a transfer, or nil if it is whole.
    ///
    /// - Parameters:
    ///   - isIssued: whether libcurl had begun to send the request, which alone decides whether it may have been carried out.
    ///   - systemError: the `errno` of a connection that failed, or 0.
    ///   - detail: libcurl's own sentence, which may be empty.
    func error(peer: String, isIssued: Bool, systemError: Int32, detail: String) -> HTTPError? {
        guard !isOK else { return nil }
        let cause = systemError != 0 ? SystemError(systemError).description : detail.isEmpty ? text : detail
        guard isIssued else { return unsentError(peer: peer, cause: Self.lowercasingFirst(cause)) }
        switch self {
        case CurlCode(CURLE_OPERATION_TIMEDOUT): return HTTPError(.timedOut, "\(peer) did not answer in time")
        case CurlCode(CURLE_ABORTED_BY_CALLBACK), CurlCode(CURLE_COULDNT_CONNECT):
            return HTTPError(.broken, "the connection to \(peer) broke before it answered")
        default: return HTTPError(.broken, "the connection to \(peer) broke before its answer was whole: \(Self.lowercasingFirst(cause))")
        }
    }

    private func unsentError(peer: String, cause: String) -> HTTPError {
        if self == CurlCode(CURLE_URL_MALFORMAT) || self == CurlCode(CURLE_UNSUPPORTED_PROTOCOL) {
            return HTTPError(.invalidRequest, "the URL of '\(peer)' is wrong: \(cause)")
        }
        if isAboutTLS { return HTTPError(.tls, "no trusted connection to \(peer): \(cause)") }
        return HTTPError(
            .notSent, "cannot connect to \(peer): \(self == CurlCode(CURLE_OPERATION_TIMEDOUT) ? "no connection in time" : cause)")
    }

    private var isAboutTLS: Bool {
        [
            CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_CLIENTCERT,
        ].contains { CurlCode($0) == self }
    }

    private static func lowercasingFirst(_ sentence: String) -> String {
        // An abbreviation keeps its capitals.
        guard sentence.dropFirst().first?.isLowercase == true else { return sentence }
        return sentence.prefix(1).lowercased() + sentence.dropFirst()
    }
}
