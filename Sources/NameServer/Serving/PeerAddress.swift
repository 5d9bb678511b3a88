import Glibc
import NetworkModel

/// Where a datagram came from, as the kernel wrote it: an IPv4 or IPv6 socket address.
struct PeerAddress: Sendable {
    /// The larger of the two families' layouts holds either.
    var storage = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)

    /// The address, or nil for another family.
    static func address(at name: UnsafeRawPointer) -> IPAddress? {
        switch unsafe Int32(name.load(as: sa_family_t.self)) {
        case AF_INET:
            let bits = unsafe name.load(as: sockaddr_in.self).sin_addr.s_addr
            return IPAddress(family: .v4, bits: UInt128(UInt32(bigEndian: bits)))
        case AF_INET6:
            let bytes = unsafe name.loadUnaligned(fromByteOffset: addressOffset, as: UInt128.self)
            return IPAddress(family: .v6, bits: UInt128(bigEndian: bytes))
        default: return nil
        }
    }

    /// Where `sin6_addr` is in `sockaddr_in6` (netinet/in.h): after the family, the port and the flow.
    private static let addressOffset = 8
}
