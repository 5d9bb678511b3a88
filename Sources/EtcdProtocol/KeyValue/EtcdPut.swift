/// `/v3/kv/put`: writes one key.
public struct EtcdPutRequest: Codable, Hashable, Sendable {
    @EtcdBytes public var key: [UInt8]
    @EtcdBytes public var value: [UInt8]
    /// The lease to put it under; 0 for none.
    @EtcdInteger public var lease: Int64
    @EtcdOmitted public var prevKV: Bool

    public init(key: [UInt8], value: [UInt8], lease: Int64 = 0, prevKV: Bool = false) {
        self.key = key
        self.value = value
        self.lease = lease
        self.prevKV = prevKV
    }

    enum CodingKeys: String, CodingKey {
        case key, value, lease
        case prevKV = "prev_kv"
    }
}

public struct EtcdPutResponse: Codable, Hashable, Sendable {
    @EtcdOmitted public var header: EtcdResponseHeader
    /// What was there before, if it was asked for.
    public var prevKV: EtcdKeyValue?

    public init(header: EtcdResponseHeader = EtcdResponseHeader(), prevKV: EtcdKeyValue? = nil) {
        self.header = header
        self.prevKV = prevKV
    }

    enum CodingKeys: String, CodingKey {
        case header
        case prevKV = "prev_kv"
    }
}
