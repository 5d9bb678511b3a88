/// An address family. Everything that handles addresses is generic over it.
public enum IPFamily: String, Codable, Hashable, Sendable, CaseIterable {
    case v4
    case v6

    /// The number of bits in an address: 32 or 128.
    public var width: Int { self == .v4 ? 32 : 128 }

    /// What VXLAN adds to each frame over an underlay of this family, in bytes: outer IP header, UDP (8), VXLAN (8) and the inner
    /// Ethernet header (14). RFC 7348 section 5.
    public var vxlanOverhead: Int { self == .v4 ? 50 : 70 }
}
