/// `/v3/lease/grant`.
public struct EtcdLeaseGrantRequest: Codable, Hashable, Sendable {
    /// Seconds.
    @EtcdInteger public var ttl: Int64
    /// The wished id; 0 for any.
    @EtcdInteger public var id: Int64

    public init(ttl: Int64, id: Int64 = 0) {
        self.ttl = ttl
        self.id = id
    }

    enum CodingKeys: String, CodingKey {
        case ttl = "TTL"
        case id = "ID"
    }
}

/// The answer of a grant, and, in a stream of one frame, of a renewal.
public struct EtcdLeaseResponse: Codable, Hashable, Sendable {
    @EtcdOmitted public var header: EtcdResponseHeader
    @EtcdInteger public var id: Int64
    /// Seconds; 0 in the answer of a renewal when there is no such lease.
    @EtcdInteger public var ttl: Int64

    public init(header: EtcdResponseHeader = EtcdResponseHeader(), id: Int64, ttl: Int64) {
        self.header = header
        self.id = id
        self.ttl = ttl
    }

    enum CodingKeys: String, CodingKey {
        case header
        case id = "ID"
        case ttl = "TTL"
    }
}

/// `/v3/lease/revoke` and `/v3/lease/keepalive`: names a lease.
public struct EtcdLeaseRequest: Codable, Hashable, Sendable {
    @EtcdInteger public var id: Int64

    public init(id: Int64) {
        self.id = id
    }

    enum CodingKeys: String, CodingKey {
        case id = "ID"
    }
}

/// `/v3/lease/timetolive`.
public struct EtcdLeaseTimeToLiveRequest: Codable, Hashable, Sendable {
    @EtcdInteger public var id: Int64
    /// Whether to list the keys that were put under it.
    @EtcdOmitted public var keys: Bool

    public init(id: Int64, keys: Bool = false) {
        self.id = id
        self.keys = keys
    }

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case keys
    }
}

public struct EtcdLeaseTimeToLiveResponse: Codable, Hashable, Sendable {
    @EtcdOmitted public var header: EtcdResponseHeader
    @EtcdInteger public var id: Int64
    /// Seconds left; -1 when there is no such lease.
    @EtcdInteger public var ttl: Int64
    @EtcdInteger public var grantedTTL: Int64
    @EtcdOmitted public var keys: [EtcdBytes]

    public init(
        header: EtcdResponseHeader = EtcdResponseHeader(), id: Int64, ttl: Int64, grantedTTL: Int64 = 0, keys: [[UInt8]] = []
    ) {
        self.header = header
        self.id = id
        self.ttl = ttl
        self.grantedTTL = grantedTTL
        self.keys = keys.map { EtcdBytes(wrappedValue: $0) }
    }

    enum CodingKeys: String, CodingKey {
        case header
        case id = "ID"
        case ttl = "TTL"
        case grantedTTL, keys
    }
}
