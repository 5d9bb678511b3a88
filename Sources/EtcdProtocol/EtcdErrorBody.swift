/// The body of an answer whose HTTP status is not 200: `{"error":…,"message":…,"code":…}`. Newer gateways leave `error` out.
public struct EtcdErrorBody: Codable, Hashable, Sendable, Error {
    public var error: String
    public var message: String
    public var code: EtcdStatusCode

    public init(_ code: EtcdStatusCode, _ message: String) {
        error = message
        self.message = message
        self.code = code
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let message = try container.decodeIfPresent(String.self, forKey: .message)
        let error = try container.decodeIfPresent(String.self, forKey: .error)
        self.message = message ?? error ?? "no message"
        self.error = error ?? self.message
        code = EtcdStatusCode(rawValue: try container.decodeIfPresent(Int.self, forKey: .code) ?? EtcdStatusCode.unknown.rawValue)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(error, forKey: .error)
        try container.encode(message, forKey: .message)
        try container.encode(code.rawValue, forKey: .code)
    }

    enum CodingKeys: String, CodingKey {
        case error, message, code
    }
}

/// A gRPC status code (grpc's `statuscodes.md`).
public struct EtcdStatusCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    public static let canceled = EtcdStatusCode(rawValue: 1)
    public static let unknown = EtcdStatusCode(rawValue: 2)
    public static let invalidArgument = EtcdStatusCode(rawValue: 3)
    public static let deadlineExceeded = EtcdStatusCode(rawValue: 4)
    public static let notFound = EtcdStatusCode(rawValue: 5)
    public static let alreadyExists = EtcdStatusCode(rawValue: 6)
    public static let permissionDenied = EtcdStatusCode(rawValue: 7)
    public static let resourceExhausted = EtcdStatusCode(rawValue: 8)
    public static let failedPrecondition = EtcdStatusCode(rawValue: 9)
    public static let aborted = EtcdStatusCode(rawValue: 10)
    public static let outOfRange = EtcdStatusCode(rawValue: 11)
    public static let unimplemented = EtcdStatusCode(rawValue: 12)
    public static let internalError = EtcdStatusCode(rawValue: 13)
    public static let unavailable = EtcdStatusCode(rawValue: 14)
    public static let dataLoss = EtcdStatusCode(rawValue: 15)
    public static let unauthenticated = EtcdStatusCode(rawValue: 16)

    /// The HTTP status that etcd's gateway gives it (grpc-gateway's `HTTPStatusFromCode`).
    public var httpStatus: Int {
        switch self {
        case .canceled: 408
        case .invalidArgument, .outOfRange: 400
        case .deadlineExceeded: 504
        case .notFound: 404
        case .alreadyExists, .aborted: 409
        case .permissionDenied: 403
        case .resourceExhausted, .unavailable: 503
        case .failedPrecondition: 412
        case .unimplemented: 501
        case .unauthenticated: 401
        default: 500
        }
    }
}

extension EtcdErrorBody {
    /// The sentences by which etcd's clients know these errors (etcd's `rpctypes`).
    public static let compacted = EtcdErrorBody(.outOfRange, "etcdserver: mvcc: required revision has been compacted")
    public static let futureRevision = EtcdErrorBody(.outOfRange, "etcdserver: mvcc: required revision is a future revision")
    public static let keyNotProvided = EtcdErrorBody(.invalidArgument, "etcdserver: key is not provided")
    public static let duplicateKey = EtcdErrorBody(.invalidArgument, "etcdserver: duplicate key given in txn request")
    public static let tooManyOperations = EtcdErrorBody(.invalidArgument, "etcdserver: too many operations in txn request")
    public static let requestTooLarge = EtcdErrorBody(.invalidArgument, "etcdserver: request is too large")
    public static let leaseNotFound = EtcdErrorBody(.notFound, "etcdserver: requested lease not found")
    public static let leaseExists = EtcdErrorBody(.failedPrecondition, "etcdserver: lease already exists")
    public static let leaseTTLTooLarge = EtcdErrorBody(.outOfRange, "etcdserver: too large lease TTL")
    public static let noSpace = EtcdErrorBody(.resourceExhausted, "etcdserver: mvcc: database space exceeded")
    public static let tooManyRequests = EtcdErrorBody(.resourceExhausted, "etcdserver: too many requests")
    public static let noLeader = EtcdErrorBody(.unavailable, "etcdserver: no leader")
    /// Raft took a proposal on to no log: it is not carried out.
    public static let proposalDropped = EtcdErrorBody(.unknown, "raft proposal dropped")
    public static let permissionDenied = EtcdErrorBody(.permissionDenied, "etcdserver: permission denied")
    public static let userEmpty = EtcdErrorBody(.invalidArgument, "etcdserver: user name is empty")
    public static let invalidToken = EtcdErrorBody(.unauthenticated, "etcdserver: invalid auth token")
    public static let oldAuthRevision = EtcdErrorBody(.invalidArgument, "etcdserver: revision of auth store is old")
    public static let wrongPassword = EtcdErrorBody(
        .invalidArgument, "etcdserver: authentication failed, invalid user ID or password")
    public static let authNotEnabled = EtcdErrorBody(.failedPrecondition, "etcdserver: authentication is not enabled")

    /// Whether a call was refused, before it did anything, for its token or the lack of one: a new token may help.
    public var isAboutToken: Bool {
        let refusals: [EtcdErrorBody] = [.userEmpty, .invalidToken, .oldAuthRevision]
        return code == .unauthenticated || refusals.contains { message.contains($0.message) }
    }
}
