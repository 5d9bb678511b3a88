import CCurl

/// The owner of libcurl's multi handle, which keeps the connections. All but ``wakeUp()`` belongs to the driving thread.
@safe struct MultiHandle: ~Copyable, @unchecked Sendable {
    private let pointer: UnsafeMutableRawPointer

    /// libcurl wants this once in a process, before anything else.
    private static let isReady = CurlCode(curl_global_init(Int(CURL_GLOBAL_ALL))).isOK
    /// Connections kept for later; more than a worker has watches.
    private static let keptConnections = 64

    init() throws(HTTPError) {
        guard Self.isReady, let pointer = unsafe curl_multi_init() else { throw HTTPError(.notSent, "libcurl cannot start: out of memory") }
        unsafe self.pointer = unsafe pointer
        _ = unsafe skein_curl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, Self.keptConnections)
    }

    deinit {
        _ = unsafe curl_multi_cleanup(pointer)
    }

    func add(_ handle: borrowing EasyHandle) throws(HTTPError) {
        let code = unsafe curl_multi_add_handle(pointer, handle.pointer)
        guard code == CURLM_OK else {
            throw HTTPError(.notSent, unsafe "libcurl refused a transfer: \(String(cString: curl_multi_strerror(code)))")
        }
    }

    func remove(_ handle: borrowing EasyHandle) {
        _ = unsafe curl_multi_remove_handle(pointer, handle.pointer)
    }

    /// Does what can be done without waiting.
    func perform() {
        var running: Int32 = 0
        _ = unsafe curl_multi_perform(pointer, &running)
    }

    /// A transfer that has ended and was not told yet.
    func nextEnded() -> (EasyHandle.ID, CurlCode)? {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(pointer, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle else { continue }
            return unsafe (EasyHandle.ID(handle), CurlCode(message.pointee.data.result))
        }
        return nil
    }

    /// Waits for sockets, libcurl's timers, a wake-up, or this long.
    func poll(for duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let milliseconds = Int32(clamping: seconds &* 1000 + attoseconds / 1_000_000_000_000_000 + 1)
        _ = unsafe curl_multi_poll(pointer, nil, 0, milliseconds, nil)
    }

    /// Ends the wait of ``poll(for:)``, or its next one. Any thread may call it.
    func wakeUp() {
        _ = unsafe curl_multi_wakeup(pointer)
    }
}
