/// The fixed start of every DNS message (RFC 1035 section 4.1.1), read and written in place.
enum MessageHeader {
    /// In bytes.
    static let size = 12
    /// The largest message that UDP carries without EDNS, in bytes (RFC 1035 section 4.2.1).
    static let plainDatagramLimit = 512

    private static let response: UInt8 = 0x80
    private static let authoritative: UInt8 = 0x04
    private static let truncated: UInt8 = 0x02
    private static let recursionDesired: UInt8 = 0x01
    private static let opcodeMask: UInt8 = 0x78
    private static let recursionAvailable: UInt8 = 0x80
    private static let checkingDisabled: UInt8 = 0x10

    /// The two bytes of flags that answer a query's: its opcode, RD and CD come back (RFC 4035 section 3.2.2), RA is always set.
    static func replyFlags(to query: (UInt8, UInt8), _ code: ResponseCode, isAuthoritative: Bool, isTruncated: Bool = false) -> (
        UInt8, UInt8
    ) {
        var first = response | query.0 & (opcodeMask | recursionDesired)
        if isAuthoritative { first |= authoritative }
        if isTruncated { first |= truncated }
        return (first, recursionAvailable | query.1 & checkingDisabled | code.low)
    }

    static func isResponse(_ flags: UInt8) -> Bool { flags & response != 0 }
    static func isTruncated(_ flags: UInt8) -> Bool { flags & truncated != 0 }
    static func isStandardQuery(_ flags: UInt8) -> Bool { flags & opcodeMask == 0 }

    /// A reply of a header and, when the query's is given, the question.
    /// - Parameter questionEnd: where the question of the query ends; ``size`` for a reply without one.
    static func reply(to query: some Collection<UInt8>, questionEnd: Int, _ code: ResponseCode, isTruncated: Bool = false) -> [UInt8] {
        var bytes = [UInt8](query.prefix(max(questionEnd, size)))
        guard bytes.count >= size else { return [] }
        (bytes[2], bytes[3]) = replyFlags(to: (bytes[2], bytes[3]), code, isAuthoritative: false, isTruncated: isTruncated)
        for index in 4..<size { bytes[index] = 0 }
        bytes[5] = questionEnd > size ? 1 : 0
        return bytes
    }
}
