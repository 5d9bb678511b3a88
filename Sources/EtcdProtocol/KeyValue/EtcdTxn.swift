public import NetworkModel

/// `/v3/kv/txn`: compares, then carries out one of two lists of operations, all at one revision.
public struct EtcdTxnRequest: Codable, Hashable, Sendable, EtcdWritable {
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

    public func write(to json: JSONWriter) {
        json.object {
            json.member("compare", compare)
            json.member("success", success)
            json.member("failure", failure)
        }
    }
}

public struct EtcdTxnResponse: Codable, Hashable, Sendable, EtcdReadable {
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

    public init(_ node: JSONNode) throws {
        var object = try node.object()
        self.init(
            header: try object.optional("header").header(), succeeded: try object.optional("succeeded").bool(),
            responses: try object.optional("responses").messages())
    }
}

/// One operation of a transaction.
public enum EtcdRequestOp: Codable, Hashable, Sendable, EtcdWritable {
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

    public func write(to json: JSONWriter) {
        json.object {
            switch self {
            case .range(let request): request.write(to: json.member("request_range"))
            case .put(let request): request.write(to: json.member("request_put"))
            case .deleteRange(let request): request.write(to: json.member("request_delete_range"))
            }
        }
    }
}

/// The answer of one operation of a transaction.
public enum EtcdResponseOp: Codable, Hashable, Sendable, EtcdReadable {
    case range(EtcdRangeResponse)
    case put(EtcdPutResponse)
    case deleteRange(EtcdDeleteRangeResponse)

    enum CodingKeys: String, CodingKey {
        case range = "response_range"
        case put = "response_put"
        case deleteRange = "response_delete_range"
    }

    public init(_ node: JSONNode) throws {
        var object = try node.object()
        if let response = object.optional("response_put") {
            self = .put(try EtcdPutResponse(response))
        } else if let response = object.optional("response_range") {
            self = .range(try EtcdRangeResponse(response))
        } else if let response = object.optional("response_delete_range") {
            self = .deleteRange(try EtcdDeleteRangeResponse(response))
        } else {
            throw node.flaw("unknown answer")
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
