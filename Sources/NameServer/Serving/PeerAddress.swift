import CKnot
import Glibc
import NetworkModel

/// Where a datagram came from, as the kernel wrote it: an IPv4 or IPv6 socket address.
struct PeerAddress: Sendable {
    var storage = skein_peer()
    var length = socklen_t(MemoryLayout<skein_peer>.size)

    /// The address, or nil for another family.
    static func address(of peer: skein_peer) -> IPAddress? {
        let words = peer.words
        switch Int32(peer.family) {
        case AF_INET: return IPAddress(family: .v4, bits: UInt128(UInt32(bigEndian: words.0)))
        case AF_INET6:
            let high = UInt64(UInt32(bigEndian: words.1)) << 32 | UInt64(UInt32(bigEndian: words.2))
            let low = UInt64(UInt32(bigEndian: words.3)) << 32 | UInt64(UInt32(bigEndian: words.4))
            return IPAddress(family: .v6, bits: UInt128(high) << 64 | UInt128(low))
        default: return nil
        }
    }
}
