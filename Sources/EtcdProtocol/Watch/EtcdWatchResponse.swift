public import NetworkModel

/// One answer on a watch's stream.
public struct EtcdWatchResponse: Codable, Hashable, Sendable, EtcdReadable {
    @EtcdOmitted public var header: EtcdResponseHeader
    /// Which watch of the stream; -1 in the answer to a request for the progress of all.
    @EtcdInteger public var watchID: Int64
    /// Whether this says that the watch has begun.
    @EtcdOmitted public var created: Bool
    /// Whether this says that the watch has ended.
    @EtcdOmitted public var canceled: Bool
    /// The oldest revision that is still known, when the watch ended since its start is forgotten; else 0.
    @EtcdInteger public var compactRevision: Int64
    @EtcdOmitted public var cancelReason: String
    /// Whether the next answer goes on with events of the same revision.
    @EtcdOmitted public var fragment: Bool
    /// In order; all events of one revision together, unless in fragments.
    @EtcdOmitted public var events: [EtcdEvent]

    public init(
        header: EtcdResponseHeader = EtcdResponseHeader(), watchID: Int64 = 0, created: Bool = false, canceled: Bool = false,
        compactRevision: Int64 = 0, cancelReason: String = "", fragment: Bool = false, events: [EtcdEvent] = []
    ) {
        self.header = header
        self.watchID = watchID
        self.created = created
        self.canceled = canceled
        self.compactRevision = compactRevision
        self.cancelReason = cancelReason
        self.fragment = fragment
        self.events = events
    }

    public init(_ node: JSONNode) throws {
        var object = try node.object()
        self.init(
            header: try object.optional("header").header(), watchID: try object.optional("watch_id").integer(),
            created: try object.optional("created").bool(), canceled: try object.optional("canceled").bool(),
            compactRevision: try object.optional("compact_revision").integer(),
            cancelReason: try object.optional("cancel_reason").string(), fragment: try object.optional("fragment").bool(),
            events: try object.optional("events").messages())
    }

    enum CodingKeys: String, CodingKey {
        case header
        case watchID = "watch_id"
        case created, canceled
        case compactRevision = "compact_revision"
        case cancelReason = "cancel_reason"
        case fragment, events
    }
}

/// One key written or deleted.
public struct EtcdEvent: Codable, Hashable, Sendable, EtcdReadable {
    public enum Kind: String, EtcdEnum {
        case put = "PUT"
        case delete = "DELETE"

        public static var etcdZero: Kind { .put }
    }

    @EtcdOmitted public var type: Kind
    /// What was written; of a deletion only the key and, as its modification, the revision.
    public var kv: EtcdKeyValue
    public var prevKV: EtcdKeyValue?

    public init(type: Kind, kv: EtcdKeyValue, prevKV: EtcdKeyValue? = nil) {
        self.type = type
        self.kv = kv
        self.prevKV = prevKV
    }

    public init(_ node: JSONNode) throws {
        var object = try node.object()
        self.init(
            type: try object.optional("type")?.decode() ?? .etcdZero, kv: try EtcdKeyValue(object.required("kv")),
            prevKV: try object.optional("prev_kv").message())
    }

    enum CodingKeys: String, CodingKey {
        case type, kv
        case prevKV = "prev_kv"
    }
}
