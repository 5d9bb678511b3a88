/// `/v3/kv/txn`: compares, then carries out one of two lists of operations, all at one revision.
public struct EtcdTxnRequest: Codable, Hashable, Sendable {
    @EtcdOmitted public var compare: [EtcdCompare]
    /// What is done when every compare holds.
    @EtcdOmitted public var success: [EtcdRequestOp]
    /// What is done when one does not.
    @EtcdOmitted public var failure: [EtcdRequestOp]

    public init(compare: [EtcdCompare] = [], success: [EtcdRequestOp] = [], failure: [EtcdRequestOp] = []) {
        self.compare = compare
        self.success = success
        self.failure = failure
    }
}

public struct EtcdTxnResponse: Codable, Hashable, Sendable {
    @EtcdOmitted public var header: EtcdResponseHeader
    /// Whether every compare held.
    @EtcdOmitted public var succeeded: Bool
    /// The answer of each operation of the branch that was taken, in order.
    @EtcdOmitted public var responses: [EtcdResponseOp]

    public init(header: EtcdResponseHeader = EtcdResponseHeader(), succeeded: Bool = false, responses: [EtcdResponseOp] = []) {
        self.header = header
        self.succeeded = succeeded
        self.responses = responses
    }
}

/// One operation of a transaction.
public enum EtcdRequestOp: Codable, Hashable, Sendable {
    case range(EtcdRangeRequest)
    case put(EtcdPutRequest)
    case deleteRange(EtcdDeleteRangeRequest)

    enum CodingKeys: String, CodingKey {
        case range = "request_range"
        case put = "request_put"
        case deleteRange = "request_delete_range"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch container.allKeys.first {
        case .range: self = .range(try container.decode(EtcdRangeRequest.self, forKey: .range))
        case .put: self = .put(try container.decode(EtcdPutRequest.self, forKey: .put))
        case .deleteRange: self = .deleteRange(try container.decode(EtcdDeleteRangeRequest.self, forKey: .deleteRange))
        case nil: throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "unknown operation"))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .range(let request): try container.encode(request, forKey: .range)
        case .put(let request): try container.encode(request, forKey: .put)
        case .deleteRange(let request): try container.encode(request, forKey: .deleteRange)
        }
    }
}

/// The answer of one operation of a transaction.
public enum EtcdResponseOp: Codable, Hashable, Sendable {
    case range(EtcdRangeResponse)
    case put(EtcdPutResponse)
    case deleteRange(EtcdDeleteRangeResponse)

    enum CodingKeys: String, CodingKey {
        case range = "response_range"
        case put = "response_put"
        case deleteRange = "response_delete_range"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch container.allKeys.first {
        case .range: self = .range(try container.decode(EtcdRangeResponse.self, forKey: .range))
        case .put: self = .put(try container.decode(EtcdPutResponse.self, forKey: .put))
        case .deleteRange: self = .deleteRange(try container.decode(EtcdDeleteRangeResponse.self, forKey: .deleteRange))
        case nil: throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "unknown answer"))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .range(let response): try container.encode(response, forKey: .range)
        case .put(let response): try container.encode(response, forKey: .put)
        case .deleteRange(let response): try container.encode(response, forKey: .deleteRange)
        }
    }
}
