import CMnl
import Glibc
import NetworkModel

/// The attributes of a received message, or those within one of them.
@safe struct Attributes: Sequence, IteratorProtocol {
    private var position: UnsafePointer<nlattr>?
    private let end: UnsafeRawPointer?

    init(in bytes: UnsafeRawBufferPointer) {
        unsafe position = bytes.baseAddress.map { unsafe $0.assumingMemoryBound(to: nlattr.self) }
        unsafe end = bytes.baseAddress.map { unsafe $0 + bytes.count }
    }

    mutating func next() -> Attribute? {
        guard let attribute = unsafe position, let end = unsafe end else { return nil }
        let left = unsafe end - UnsafeRawPointer(attribute)
        guard unsafe mnl_attr_ok(attribute, Int32(left)) else { return nil }
        unsafe position = UnsafePointer(mnl_attr_next(attribute))
        return unsafe Attribute(attribute)
    }
}

/// One attribute: a type and some bytes. Reading it as what it is not gives nil.
@safe struct Attribute {
    let type: Int
    private let bytes: UnsafeRawBufferPointer

    init(_ attribute: UnsafePointer<nlattr>) {
        unsafe type = Int(mnl_attr_get_type(attribute))
        unsafe bytes = UnsafeRawBufferPointer(start: mnl_attr_get_payload(attribute), count: Int(mnl_attr_get_payload_len(attribute)))
    }

    private func load<Value: BitwiseCopyable>(_ type: Value.Type) -> Value? {
        unsafe bytes.count >= MemoryLayout<Value>.size ? bytes.loadUnaligned(as: type) : nil
    }

    func withBytes(_ body: (UnsafeRawBufferPointer) -> Void) { unsafe body(bytes) }

    var uint8: UInt8? { load(UInt8.self) }
    var uint16: UInt16? { load(UInt16.self) }
    var uint32: UInt32? { load(UInt32.self) }
    var int32: Int32? { load(Int32.self) }
    /// Up to the first zero byte.
    var string: String { unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    var nested: Attributes { unsafe Attributes(in: bytes) }

    var mac: MACAddress? {
        guard unsafe bytes.count == 6 else { return nil }
        return unsafe MACAddress(bits: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }

    var address: IPAddress? {
        switch unsafe bytes.count {
        case 4: load(UInt32.self).map { IPAddress(family: .v4, bits: UInt128(UInt32(bigEndian: $0))) }
        case 16: load(UInt128.self).map { IPAddress(family: .v6, bits: UInt128(bigEndian: $0)) }
        default: nil
        }
    }
}

/// A received message.
@safe struct Message {
    private let header: UnsafePointer<nlmsghdr>

    init(_ header: UnsafePointer<nlmsghdr>) {
        unsafe self.header = header
    }

    var type: UInt16 { unsafe header.pointee.nlmsg_type }
    var flags: UInt16 { unsafe header.pointee.nlmsg_flags }
    var sequence: UInt32 { unsafe header.pointee.nlmsg_seq }

    private var payload: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: mnl_nlmsg_get_payload(header), count: mnl_nlmsg_get_payload_len(header))
    }

    /// The header of the message's family, or nil if the message is too short for one.
    func read<Header: BitwiseCopyable>(_ type: Header.Type) -> Header? {
        unsafe payload.count >= MemoryLayout<Header>.size ? payload.loadUnaligned(as: type) : nil
    }

    /// The attributes after a header of the given size.
    func attributes<Header: BitwiseCopyable>(after type: Header.Type) -> Attributes {
        attributes(after: (MemoryLayout<Header>.size + 3) & ~3)
    }

    func attributes(after size: Int) -> Attributes {
        unsafe Attributes(in: UnsafeRawBufferPointer(rebasing: payload.dropFirst(size)))
    }
}
