import FoundationEssentials

/// One operation of `/v1/txn`.
struct ConsulOperation: Hashable, Sendable, Encodable {
    enum Verb: String, Sendable, Encodable {
        case set, cas, lock, unlock, get, delete
        case getTree = "get-tree"
        case deleteTree = "delete-tree"
        case checkIndex = "check-index"
        case checkSession = "check-session"
        case checkNotExists = "check-not-exists"
    }

    struct Body: Hashable, Sendable, Encodable {
        let verb: Verb
        let key: String
        var value: Data?
        var flags: UInt64?
        var index: UInt64?
        var session: String?
        var namespace: String?

        private enum CodingKeys: String, CodingKey {
            case verb = "Verb"
            case key = "Key"
            case value = "Value"
            case flags = "Flags"
            case index = "Index"
            case session = "Session"
            case namespace = "Namespace"
        }
    }

    var kv: Body

    private enum CodingKeys: String, CodingKey {
        case kv = "KV"
    }

    init(
        _ verb: Verb, _ key: String, value: [UInt8]? = nil, flags: UInt64? = nil, index: Int64? = nil, session: String? = nil
    ) {
        kv = Body(
            verb: verb, key: key, value: value.map { Data($0) }, flags: flags, index: index.map { UInt64(max(0, $0)) }, session: session)
    }
}

/// The answer of `/v1/txn`: the results, or what was wrong with which operation, and then nothing was done.
struct ConsulTxnAnswer: Sendable, Decodable {
    struct Result: Sendable, Decodable {
        let kv: ConsulEntry?

        private enum CodingKeys: String, CodingKey {
            case kv = "KV"
        }
    }

    struct Problem: Hashable, Sendable, Decodable {
        let operation: Int
        let what: String

        private enum CodingKeys: String, CodingKey {
            case operation = "OpIndex"
            case what = "What"
        }
    }

    let results: [Result]?
    let errors: [Problem]?

    private enum CodingKeys: String, CodingKey {
        case results = "Results"
        case errors = "Errors"
    }

    var entries: [ConsulEntry] { (results ?? []).compactMap(\.kv) }
}

/// A key as Consul tells of it.
struct ConsulEntry: Hashable, Sendable, Decodable {
    let key: String
    let value: Data?
    let session: String?
    let createIndex: UInt64
    let modifyIndex: UInt64

    private enum CodingKeys: String, CodingKey {
        case key = "Key"
        case value = "Value"
        case session = "Session"
        case createIndex = "CreateIndex"
        case modifyIndex = "ModifyIndex"
    }
}

/// The body of `/v1/session/create`.
struct ConsulSessionRequest: Hashable, Sendable, Encodable {
    let name = "skein"
    let timeToLive: String
    /// What is locked goes with the session.
    let behavior = "delete"
    /// A key of a session that has ended can be taken at once.
    let lockDelay = "0s"
    /// No health check ends it: neither the agent's that was asked nor another's.
    let checks: [String] = []

    private enum CodingKeys: String, CodingKey {
        case name = "Name"
        case timeToLive = "TTL"
        case behavior = "Behavior"
        case lockDelay = "LockDelay"
        case checks = "Checks"
        case nodeChecks = "NodeChecks"
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(timeToLive, forKey: .timeToLive)
        try fields.encode(behavior, forKey: .behavior)
        try fields.encode(lockDelay, forKey: .lockDelay)
        // The second is the first's name since Consul 1.7.
        try fields.encode(checks, forKey: .checks)
        try fields.encode(checks, forKey: .nodeChecks)
    }
}

/// A session, as the answers about it name it.
struct ConsulSession: Sendable, Decodable {
    let id: String

    private enum CodingKeys: String, CodingKey {
        case id = "ID"
    }
}
