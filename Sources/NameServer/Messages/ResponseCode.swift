/// A DNS response code (RFC 1035 section 4.1.1, RFC 6891 section 9).
struct ResponseCode: RawRepresentable, Hashable, Sendable {
    /// 0 ... 4095: the upper eight bits travel in the OPT record.
    let rawValue: UInt16

    static let noError = ResponseCode(rawValue: 0)
    static let formatError = ResponseCode(rawValue: 1)
    static let serverFailure = ResponseCode(rawValue: 2)
    static let nameError = ResponseCode(rawValue: 3)
    static let notImplemented = ResponseCode(rawValue: 4)
    static let refused = ResponseCode(rawValue: 5)
    static let badVersion = ResponseCode(rawValue: 16)

    /// The four bits of the header.
    var low: UInt8 { UInt8(truncatingIfNeeded: rawValue & 0xf) }
    /// The eight bits of the OPT record.
    var high: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 4) }
}
