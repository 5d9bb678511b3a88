public import NetworkModel

/// `/v3/kv/put`: writes one key.
public struct EtcdPutRequest: Codable, Hashable, Sendable, EtcdWritable {
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

    public func write(to json: JSONWriter) {
        json.object {
            json.member("key", key)
            json.member("value", value)
            json.member("lease", lease)
            json.member("prev_kv", prevKV)
        }
    }

    enum CodingKeys: String, CodingKey {
        case key, value, lease
        case prevKV = "prev_kv"
    }
}

public struct EtcdPutResponse: Codable, Hashable, Sendable, EtcdReadable {
    @EtcdOmitted public var header: EtcdResponseHeader
    /// What was there before, if it was asked for.
    public var prevKV: EtcdKeyValue?

    public init(header: EtcdResponseHeader = EtcdResponseHeader(), prevKV: EtcdKeyValue? = nil) {
        self.header = header
        self.prevKV = prevKV
    }

    public init(_ node: JSONNode) throws {
        var object = try node.object()
        self.init(header: try object.optional("header").header(), prevKV: try object.optional("prev_kv").message())
    }

    enum CodingKeys: String, CodingKey {
        case header
        case prevKV = "prev_kv"
    }
}
