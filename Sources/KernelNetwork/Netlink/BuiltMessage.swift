import CMnl
import CNetlinkRoute
import Glibc
import NetworkModel

/// A message that libnl-route made of one of its objects.
@safe struct BuiltMessage: ~Copyable {
    private let message: OpaquePointer

    /// - Parameter build: one of libnl's `rtnl_…_build_…_request`, which returns 0 or a negative number.
    init(_ what: String, _ build: (UnsafeMutablePointer<OpaquePointer?>) -> Int32) throws(KernelError) {
        var result: OpaquePointer?
        let status = unsafe build(&result)
        guard status == 0, let built = unsafe result else { throw .library(status, what) }
        guard let header = unsafe nlmsg_hdr(built), unsafe header.pointee.nlmsg_len <= MessageWriter.room else {
            unsafe nlmsg_free(built)
            throw .errno(EMSGSIZE, what)
        }
        unsafe message = built
    }

    deinit { unsafe nlmsg_free(message) }

    var bytes: UnsafeRawBufferPointer {
        guard let header = unsafe nlmsg_hdr(message) else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        return unsafe UnsafeRawBufferPointer(start: header, count: Int(header.pointee.nlmsg_len))
    }
}

extension KernelError {
    /// What a function of libnl returned: netlink/errno.h.
    static func library(_ status: Int32, _ operation: String) -> KernelError {
        guard let text = unsafe nl_geterror(status) else { return .errno(EINVAL, operation) }
        return KernelError(.errno(EINVAL), unsafe "\(operation): \(String(cString: text).lowercased())")
    }
}

/// An address as libnl has it: IP with a prefix length, or MAC.
@safe struct LibraryAddress: ~Copyable {
    let pointer: OpaquePointer

    init(_ address: IPAddress, prefixLength: Int? = nil) throws(KernelError) {
        try self.init(family: address.family.number, bytes: address.bytes)
        unsafe nl_addr_set_prefixlen(pointer, Int32(prefixLength ?? address.family.width))
    }

    init(_ mac: MACAddress) throws(KernelError) {
        try self.init(family: AF_LLC, bytes: mac.bytes)
    }

    private init(family: Int32, bytes: [UInt8]) throws(KernelError) {
        let built = unsafe bytes.withUnsafeBytes { unsafe nl_addr_build(family, $0.baseAddress, $0.count) }
        guard let built = unsafe built else { throw .errno(ENOMEM, "cannot keep an address") }
        unsafe pointer = built
    }

    deinit { unsafe nl_addr_put(pointer) }
}

extension IPFamily {
    /// AF_INET or AF_INET6.
    var number: Int32 { self == .v4 ? AF_INET : AF_INET6 }
}
