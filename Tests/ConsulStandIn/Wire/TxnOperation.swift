import Foundation

/// One operation of `/v1/txn`, as it comes: `{"KV": {"Verb": "set", …}}`.
struct TxnOperation: Sendable {
    let verb: String
    let key: ConsulKey
    let value: [UInt8]
    let flags: UInt64
    let index: UInt64
    let session: String

    var isWrite: Bool { ["set", "cas", "lock", "unlock", "delete", "delete-cas", "delete-tree"].contains(verb) }

    private struct Body: Decodable {
        struct KV: Decodable {
            let Verb: String
            let Key: String?
            let Value: Data?
            let Flags: UInt64?
            let Index: UInt64?
            let Session: String?
            let Namespace: String?
        }

        let KV: KV?
    }

    /// - Returns: nil for an operation on something else than keys, which the stand-in does not know.
    static func parse(_ body: Data) throws -> [TxnOperation?] {
        try JSONDecoder().decode([Body].self, from: body).map { one in
            guard let kv = one.KV else { return nil }
            return TxnOperation(
                verb: kv.Verb, key: ConsulKey(kv.Key ?? "", in: kv.Namespace ?? "default"), value: kv.Value.map { [UInt8]($0) } ?? [],
                flags: kv.Flags ?? 0, index: kv.Index ?? 0, session: kv.Session ?? "")
        }
    }
}

/// An entry of an answer.
struct TxnResult: Sendable, Encodable {
    let key: ConsulKey
    private let entry: ConsulEntry
    private let withValue: Bool

    init(_ key: ConsulKey, _ entry: ConsulEntry, withValue: Bool) {
        self.key = key
        self.entry = entry
        self.withValue = withValue
    }

    private enum Keys: String, CodingKey {
        case lockIndex = "LockIndex"
        case key = "Key"
        case flags = "Flags"
        case value = "Value"
        case session = "Session"
        case createIndex = "CreateIndex"
        case modifyIndex = "ModifyIndex"
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Keys.self)
        try fields.encode(entry.lockIndex, forKey: .lockIndex)
        try fields.encode(key.path, forKey: .key)
        try fields.encode(entry.flags, forKey: .flags)
        try fields.encode(withValue && !entry.value.isEmpty ? Data(entry.value) : nil, forKey: .value)
        try fields.encodeIfPresent(entry.session, forKey: .session)
        try fields.encode(entry.createIndex, forKey: .createIndex)
        try fields.encode(entry.modifyIndex, forKey: .modifyIndex)
    }
}

/// Why a transaction was not carried out.
struct TxnErrors: Error, Sendable, Encodable {
    struct One: Sendable, Encodable {
        let OpIndex: Int
        let What: String

        init(_ index: Int, _ what: String) { (OpIndex, What) = (index, what) }
    }

    let Results: [Int]? = nil
    let Errors: [One]

    init(_ errors: [One]) { Errors = errors }
}

/// The answer to a transaction that was carried out.
struct TxnAnswer: Sendable, Encodable {
    struct One: Sendable, Encodable {
        let KV: TxnResult
    }

    let Results: [One]
    let Errors: [Int]? = nil

    init(_ results: [TxnResult]) { Results = results.map { One(KV: $0) } }
}
