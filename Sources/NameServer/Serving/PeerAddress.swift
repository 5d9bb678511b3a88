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
            let parts = [words.1, words.2, words.3, words.4]
            return IPAddress(family: .v6, bits: parts.reduce(0) { $0 << 32 | UInt128(UInt32(bigEndian: $1)) })
        default: return nil
        }
    }
}
