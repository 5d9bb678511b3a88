import CMnl
import NetworkModel

/// Writes one netlink message into memory that has room for it.
@safe struct MessageWriter {
    /// The most that one message of ours takes, in bytes: an alias of 255 bytes and a few small attributes.
    static let room = 1024

    private let header: UnsafeMutablePointer<nlmsghdr>

    init(at memory: UnsafeMutableRawPointer, type: UInt16, flags: UInt16, sequence: UInt32) {
        unsafe header = mnl_nlmsg_put_header(memory)
        unsafe header.pointee.nlmsg_type = type
        unsafe header.pointee.nlmsg_flags = flags | MessageFlags.request
        unsafe header.pointee.nlmsg_seq = sequence
    }

    var length: Int { unsafe Int(header.pointee.nlmsg_len) }

    /// The header of the message's family, such as `ifinfomsg`.
    func put<Header: BitwiseCopyable>(_ value: Header) {
        unsafe mnl_nlmsg_put_extra_header(header, MemoryLayout<Header>.size).storeBytes(of: value, as: Header.self)
    }

    func put(_ type: Int, _ value: UInt8) { unsafe mnl_attr_put_u8(header, UInt16(type), value) }
    func put(_ type: Int, _ value: UInt16) { unsafe mnl_attr_put_u16(header, UInt16(type), value) }
    func put(_ type: Int, _ value: UInt32) { unsafe mnl_attr_put_u32(header, UInt16(type), value) }
    /// A text that does not fit is left out, and the kernel misses it.
    func put(_ type: Int, _ value: String) { _ = unsafe mnl_attr_put_strz_check(header, Self.room, UInt16(type), value) }

    func put(_ type: Int, _ address: IPAddress) {
        switch address.family {
        case .v4: putBytes(type, UInt32(truncatingIfNeeded: address.bits).bigEndian, count: 4)
        case .v6: putBytes(type, address.bits.bigEndian, count: 16)
        }
    }

    func put(_ type: Int, _ mac: MACAddress) { putBytes(type, (mac.bits << 16).bigEndian, count: 6) }

    private func putBytes<Value: BitwiseCopyable>(_ type: Int, _ value: Value, count: Int) {
        unsafe withUnsafeBytes(of: value) { unsafe mnl_attr_put(header, UInt16(type), count, $0.baseAddress) }
    }

    /// Attributes within an attribute.
    func nest(_ type: Int, _ body: () -> Void) {
        let nest = unsafe mnl_attr_nest_start(header, UInt16(type))
        body()
        unsafe mnl_attr_nest_end(header, nest)
    }
}
