import CMnl

/// Messages that were received in one piece.
enum Messages {
    static func forEach(in bytes: UnsafeRawBufferPointer, count: Int, _ body: (Message) -> Void) {
        guard let base = bytes.baseAddress else { return }
        var left = Int32(clamping: min(count, bytes.count))
        var header = unsafe base.assumingMemoryBound(to: nlmsghdr.self)
        while unsafe mnl_nlmsg_ok(header, left) {
            unsafe body(Message(header))
            guard let next = unsafe mnl_nlmsg_next(header, &left) else { return }
            unsafe header = UnsafePointer(next)
        }
    }

    static func contain(_ bytes: UnsafeRawBufferPointer, count: Int, _ condition: (Message) -> Bool) -> Bool {
        var isFound = false
        unsafe forEach(in: bytes, count: count) { if !isFound { isFound = condition($0) } }
        return isFound
    }
}
