import CCurl

/// The owner of libcurl's handle of one transfer. The driving thread's alone.
@safe struct EasyHandle: ~Copyable {
    /// Tells handles apart while they live.
    struct ID: Hashable {
        private let address: UInt

        init(_ pointer: UnsafeMutableRawPointer) {
            address = UInt(bitPattern: pointer)
        }
    }

    let pointer: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>

    var id: ID { unsafe ID(pointer) }

    init() throws(HTTPError) {
        guard let pointer = unsafe curl_easy_init() else { throw HTTPError(.notSent, "out of memory") }
        unsafe self.pointer = unsafe pointer
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        _ = unsafe skein_curl_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText)
    }

    deinit {
        unsafe curl_easy_cleanup(pointer)
        unsafe errorText.deallocate()
    }

    func set(_ option: CURLoption, _ value: Int) throws(HTTPError) {
        try CurlCode(unsafe skein_curl_set_long(pointer, option, value)).check("option \(option.rawValue)")
    }

    func set(_ option: CURLoption, _ value: String) throws(HTTPError) {
        try CurlCode(unsafe skein_curl_set_text(pointer, option, value)).check("'\(value)'")
    }

    /// Sets an option if there is a value for it.
    func set(_ option: CURLoption, _ value: String?) throws(HTTPError) {
        if let value { try set(option, value) as Void }
    }

    func setBody(_ body: [UInt8]) throws(HTTPError) {
        try CurlCode(unsafe skein_curl_set_size(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))).check("the body's size")
        let code = unsafe body.withUnsafeBytes { bytes in
            // An empty array has no address, and none means that the body is read by a callback.
            if let address = bytes.baseAddress {
                unsafe skein_curl_copy_body(pointer, address)
            } else {
                unsafe skein_curl_copy_body(pointer, "")
            }
        }
        try CurlCode(code).check("the body")
    }

    func setHeaders(_ headers: borrowing HeaderList) throws(HTTPError) {
        try CurlCode(unsafe skein_curl_set_headers(pointer, headers.first)).check("the headers")
    }

    /// Takes up a transfer that was paused.
    func resume() {
        _ = unsafe curl_easy_pause(pointer, CURLPAUSE_CONT)
    }

    /// What it knows of a transfer that has ended.
    var remains: TransferRemains {
        TransferRemains(
            systemError: Int32(clamping: number(CURLINFO_OS_ERRNO)), detail: unsafe String(cString: errorText),
            verdict: number(CURLINFO_SSL_VERIFYRESULT), bytesSent: number(CURLINFO_REQUEST_SIZE),
            isFirstUse: number(CURLINFO_NUM_CONNECTS) > 0)
    }

    private func number(_ information: CURLINFO) -> Int {
        var number = 0
        _ = unsafe skein_curl_get_long(pointer, information, &number)
        return number
    }
}

/// What libcurl knows of a transfer that has ended.
struct TransferRemains {
    /// The `errno` of the connection that failed last, or 0.
    var systemError: Int32 = 0
    /// libcurl's sentence on what went wrong, or an empty one.
    var detail = ""
    /// OpenSSL's verdict on the peer's certificate, or 0.
    var verdict = 0
    /// How much of the request libcurl has put into a connection, in bytes.
    var bytesSent = 0
    /// Whether the connection was made for this transfer.
    var isFirstUse = false
}
