/// `/v3/watch`: what a client asks of a stream of events. A body may hold several, one after the other.
public enum EtcdWatchRequest: Codable, Hashable, Sendable {
    case create(EtcdWatchCreateRequest)
    case cancel(watchID: Int64)
    /// Asks for the revision that the stream has reached.
    case progress

    enum CodingKeys: String, CodingKey {
        case create = "create_request"
        case cancel = "cancel_request"
        case progress = "progress_request"
    }

    private struct Cancel: Codable {
        @EtcdInteger var watchID: Int64
        enum CodingKeys: String, CodingKey {
            case watchID = "watch_id"
        }
    }

    private struct Progress: Codable {}

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch container.allKeys.first {
        case .create: self = .create(try container.decode(EtcdWatchCreateRequest.self, forKey: .create))
        case .cancel: self = .cancel(watchID: try container.decode(Cancel.self, forKey: .cancel).watchID)
        case .progress: self = .progress
        case nil: throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "unknown watch request"))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .create(let request): try container.encode(request, forKey: .create)
        case .cancel(let watchID): try container.encode(Cancel(watchID: watchID), forKey: .cancel)
        case .progress: try container.encode(Progress(), forKey: .progress)
        }
    }
}

/// Starts a watch of a range of keys.
public struct EtcdWatchCreateRequest: Codable, Hashable, Sendable {
    public enum Filter: String, EtcdEnum {
        case noPut = "NOPUT"
        case noDelete = "NODELETE"

        public static var etcdZero: Filter { .noPut }
    }

    @EtcdBytes public var key: [UInt8]
    /// Where the range ends: see ``EtcdKeyRange``.
    @EtcdBytes public var rangeEnd: [UInt8]
    /// The first revision whose events are wanted; 0 for what comes after now.
    @EtcdInteger public var startRevision: Int64
    /// Whether to say the revision now and then when nothing happens.
    @EtcdOmitted public var progressNotify: Bool
    @EtcdOmitted public var filters: [Filter]
    @EtcdOmitted public var prevKV: Bool
    @EtcdInteger public var watchID: Int64
    /// Whether the events of one revision may come in several answers.
    @EtcdOmitted public var fragment: Bool

    public init(
        key: [UInt8], rangeEnd: [UInt8] = [], startRevision: Int64 = 0, progressNotify: Bool = false, filters: [Filter] = [],
        prevKV: Bool = false, watchID: Int64 = 0, fragment: Bool = false
    ) {
        self.key = key
        self.rangeEnd = rangeEnd
        self.startRevision = startRevision
        self.progressNotify = progressNotify
        self.filters = filters
        self.prevKV = prevKV
        self.watchID = watchID
        self.fragment = fragment
    }

    public var range: EtcdKeyRange { EtcdKeyRange(key: key, end: rangeEnd) }

    enum CodingKeys: String, CodingKey {
        case key
        case rangeEnd = "range_end"
        case startRevision = "start_revision"
        case progressNotify = "progress_notify"
        case filters
        case prevKV = "prev_kv"
        case watchID = "watch_id"
        case fragment
    }
}
