/// A type of DNS resource record, by its number (IANA "DNS Parameters", resource record types).
public struct RecordType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    public static let a = RecordType(rawValue: 1)
    public static let ns = RecordType(rawValue: 2)
    public static let soa = RecordType(rawValue: 6)
    public static let ptr = RecordType(rawValue: 12)
    public static let mx = RecordType(rawValue: 15)
    public static let txt = RecordType(rawValue: 16)
    public static let aaaa = RecordType(rawValue: 28)
    public static let ds = RecordType(rawValue: 43)
    public static let dnskey = RecordType(rawValue: 48)
    public static let ixfr = RecordType(rawValue: 251)
    public static let axfr = RecordType(rawValue: 252)
    public static let any = RecordType(rawValue: 255)

    /// What resolvers ask about zones, top-level domains among them, rather than about hosts.
    var concernsZones: Bool {
        self == .ns || self == .soa || self == .ds || self == .dnskey
    }
}
