public import NetworkModel

/// `/v3/kv/deleterange`: deletes keys.
public struct EtcdDeleteRangeRequest: Codable, Hashable, Sendable, EtcdWritable {
    @EtcdBytes public var key: [UInt8]
    /// Where the range ends: see ``EtcdKeyRange``.
    @EtcdBytes public var rangeEnd: [UInt8]
    @EtcdOmitted public var prevKV: Bool

    public init(key: [UInt8], rangeEnd: [UInt8] = [], prevKV: Bool = false) {
        self.key = key
        self.rangeEnd = rangeEnd
        self.prevKV = prevKV
    }

    public init(_ range: EtcdKeyRange) {
        self.init(key: range.key, rangeEnd: range.end)
    }

    public var range: EtcdKeyRange { EtcdKeyRange(key: key, end: rangeEnd) }

    public func write(to json: JSONWriter) {
        json.object {
            json.member("key", key)
            json.member("range_end", rangeEnd)
            json.member("prev_kv", prevKV)
        }
    }

    enum CodingKeys: String, CodingKey {
        case key
        case rangeEnd = "range_end"
        case prevKV = "prev_kv"
    }
}

public struct EtcdDeleteRangeResponse: Codable, Hashable, Sendable, EtcdReadable {
    @EtcdOmitted public var header: EtcdResponseHeader
    /// How many keys were deleted.
    @EtcdInteger public var deleted: Int64
    /// What they held, if it was asked for.
    @EtcdOmitted public var prevKVs: [EtcdKeyValue]

    public init(header: EtcdResponseHeader = EtcdResponseHeader(), deleted: Int64 = 0, prevKVs: [EtcdKeyValue] = []) {
        self.header = header
        self.deleted = deleted
        self.prevKVs = prevKVs
    }

    public init(_ node: JSONNode) throws {
        var object = try node.object()
        self.init(
            header: try object.optional("header").header(), deleted: try object.optional("deleted").integer(),
            prevKVs: try object.optional("prev_kvs").messages())
    }

    enum CodingKeys: String, CodingKey {
        case header, deleted
        case prevKVs = "prev_kvs"
    }
}
