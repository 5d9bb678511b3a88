import CCurl
import Glibc

extension EasyHandle {
    /// Sets everything that a request says. The header list must live as long as the handle.
    func apply(_ request: HTTPRequest, headers: borrowing HeaderList, tls: TLSFiles?) throws(HTTPError) {
        try set(CURLOPT_URL, request.url)
        try setHeaders(headers)
        try applyMethod(request)
        try applyConnection(request)
        try applyTLS(tls)
    }

    private func applyMethod(_ request: HTTPRequest) throws(HTTPError) {
        switch request.method {
        case "GET" where request.body.isEmpty: try set(CURLOPT_HTTPGET, 1)
        case "HEAD": try set(CURLOPT_NOBODY, 1)
        case "POST": try setBody(request.body)
        default:
            if !request.body.isEmpty { try setBody(request.body) }
            try set(CURLOPT_CUSTOMREQUEST, request.method)
        }
    }

    private func applyConnection(_ request: HTTPRequest) throws(HTTPError) {
        try set(CURLOPT_UNIX_SOCKET_PATH, request.unixSocket)
        try set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.milliseconds)
        if let timeout = request.timeout { try set(CURLOPT_TIMEOUT_MS, timeout.milliseconds) }
        // Without it libcurl would raise signals in a process of many threads.
        try set(CURLOPT_NOSIGNAL, 1)
        // The empty text means: not even the environment's.
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        try set(CURLOPT_USERAGENT, "skein")
        try set(CURLOPT_TCP_NODELAY, 1)
        // A watch on a host that is gone ends within a quarter of a minute, though it sends nothing.
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_TCP_KEEPIDLE, 10)
        try set(CURLOPT_TCP_KEEPINTVL, 2)
    }

    private func applyTLS(_ files: TLSFiles?) throws(HTTPError) {
        try set(CURLOPT_CAINFO, files?.caFile)
        try set(CURLOPT_SSLCERT, files?.certificateFile)
        try set(CURLOPT_SSLKEY, files?.keyFile)
        guard files != nil else { return }
        // Each connection reads the files anew, and a handshake of an earlier one vouches for nothing: a renewed certificate counts at once.
        try set(CURLOPT_SSL_SESSIONID_CACHE, 0)
        if files?.caFile != nil { try set(CURLOPT_CA_CACHE_TIMEOUT, 0) }
        // Without a passphrase OpenSSL would ask for one on the terminal.
        try set(CURLOPT_KEYPASSWD, "")
    }

    /// Sends what arrives to a transfer, which must live as long as the handle is driven.
    func report(to transfer: Transfer) throws(HTTPError) {
        let context = unsafe Unmanaged.passUnretained(transfer).toOpaque()
        unsafe try CurlCode(skein_curl_set_pointer(pointer, CURLOPT_HEADERDATA, context)).check("a pointer")
        unsafe try CurlCode(skein_curl_set_pointer(pointer, CURLOPT_WRITEDATA, context)).check("a pointer")
        unsafe try CurlCode(skein_curl_set_pointer(pointer, CURLOPT_PREREQDATA, context)).check("a pointer")
        unsafe try CurlCode(skein_curl_set_data_callback(pointer, CURLOPT_HEADERFUNCTION, takeHeaderLine)).check("a callback")
        unsafe try CurlCode(skein_curl_set_data_callback(pointer, CURLOPT_WRITEFUNCTION, takeBody)).check("a callback")
        unsafe try CurlCode(skein_curl_set_pointer(pointer, CURLOPT_SOCKOPTDATA, context)).check("a pointer")
        unsafe try CurlCode(skein_curl_set_socket_callback(pointer, socketIsOpen)).check("a callback")
        unsafe try CurlCode(skein_curl_set_request_callback(pointer, requestIsIssued)).check("a callback")
    }
}

private func takeHeaderLine(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context else { return 0 }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    unsafe transfer.receive(headerLine: UnsafeRawBufferPointer(start: data, count: count))
    return count
}

private func takeBody(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context else { return 0 }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    let isTaken = unsafe transfer.receiver.receive(UnsafeRawBufferPointer(start: data, count: count))
    return isTaken ? count : Int(CURL_WRITEFUNC_PAUSE)
}

private func requestIsIssued(
    _ context: UnsafeMutableRawPointer?, _ peer: UnsafeMutablePointer<CChar>?, _ local: UnsafeMutablePointer<CChar>?, _ peerPort: Int32,
    _ localPort: Int32
) -> Int32 {
    guard let context = unsafe context else { return CURL_PREREQFUNC_ABORT }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.issue() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

/// What is sent on a kept connection to a host that is gone fails after this time, in milliseconds, and not after the kernel's quarter of
/// an hour. A host that is only slow confirms what it is sent; but one that reads nothing of a large body is taken for gone as well, since a
/// window of zero counts (tcp(7), TCP_USER_TIMEOUT): so it is more than a busy server needs.
private let silence: UInt32 = 5000

private func socketIsOpen(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ purpose: curlsocktype) -> Int32 {
    guard let context = unsafe context else { return Int32(CURL_SOCKOPT_ERROR) }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    // libcurl is about to connect anew for a request that it has sent already.
    guard !transfer.isIssued else { return Int32(CURL_SOCKOPT_ERROR) }
    var milliseconds = silence
    // A program that is started meanwhile would keep the connection open.
    _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
    // A unix socket has no such option, and needs none.
    _ = unsafe setsockopt(socket, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, socklen_t(MemoryLayout<UInt32>.size))
    return Int32(CURL_SOCKOPT_OK)
}

extension Duration {
    /// Whole milliseconds, at least 1: libcurl takes 0 for no limit.
    fileprivate var milliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < Int64(Int32.max) / 1000 else { return Int(Int32.max) }
        return max(1, Int(seconds * 1000 + attoseconds / 1_000_000_000_000_000))
    }
}
