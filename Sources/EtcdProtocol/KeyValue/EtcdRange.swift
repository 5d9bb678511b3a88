public import NetworkModel

/// `/v3/kv/range`: reads keys.
public struct EtcdRangeRequest: Codable, Hashable, Sendable, EtcdWritable {
    @EtcdBytes public var key: [UInt8]
    /// Where the range ends: see ``EtcdKeyRange``.
    @EtcdBytes public var rangeEnd: [UInt8]
    /// How many entries at most; 0 for all.
    @EtcdInteger public var limit: Int64
    /// Reads as of this revision; 0 for now.
    @EtcdInteger public var revision: Int64
    /// Whether a stale answer will do.
    @EtcdOmitted public var serializable: Bool
    @EtcdOmitted public var keysOnly: Bool
    @EtcdOmitted public var countOnly: Bool

    public init(
        key: [UInt8], rangeEnd: [UInt8] = [], limit: Int64 = 0, revision: Int64 = 0, serializable: Bool = false, keysOnly: Bool = false,
        countOnly: Bool = false
    ) {
        self.key = key
        self.rangeEnd = rangeEnd
        self.limit = limit
        self.revision = revision
        self.serializable = serializable
        self.keysOnly = keysOnly
        self.countOnly = countOnly
    }

    public init(_ range: EtcdKeyRange) {
        self.init(key: range.key, rangeEnd: range.end)
    }

    public var range: EtcdKeyRange { EtcdKeyRange(key: key, end: rangeEnd) }

    public func write(to json: JSONWriter) {
        json.object {
            json.member("key", key)
            json.member("range_end", rangeEnd)
            json.member("limit", limit)
            json.member("revision", revision)
            json.member("serializable", serializable)
            json.member("keys_only", keysOnly)
            json.member("count_only", countOnly)
        }
    }

    enum CodingKeys: String, CodingKey {
        case key
        case rangeEnd = "range_end"
        case limit, revision, serializable
        case keysOnly = "keys_only"
        case countOnly = "count_only"
    }
}

public struct EtcdRangeResponse: Codable, Hashable, Sendable, EtcdReadable {
    @EtcdOmitted public var header: EtcdResponseHeader
    /// In the order of their keys.
    @EtcdOmitted public var kvs: [EtcdKeyValue]
    /// Whether the limit left some out.
    @EtcdOmitted public var more: Bool
    /// How many there are, whatever the limit.
    @EtcdInteger public var count: Int64

    public init(header: EtcdResponseHeader = EtcdResponseHeader(), kvs: [EtcdKeyValue] = [], more: Bool = false, count: Int64 = 0) {
        self.header = header
        self.kvs = kvs
        self.more = more
        self.count = count
    }

    public init(_ node: JSONNode) throws {
        var object = try node.object()
        self.init(
            header: try object.optional("header").header(), kvs: try object.optional("kvs").messages(),
            more: try object.optional("more").bool(), count: try object.optional("count").integer())
    }
}
