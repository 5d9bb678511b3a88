import EtcdProtocol

/// An answer that can be told from one that something else made up: etcd's have a head with a revision, which begins at 1.
protocol EtcdAnswer: Decodable, Sendable {
    /// Nil in the place of an error.
    var head: EtcdResponseHeader? { get }
    /// Whether the revision is that of the answer's data: of a lease it is only the member's.
    static var isOfKeys: Bool { get }
    /// Whether it tells of a write.
    var tellsOfWrite: Bool { get }
}

extension EtcdAnswer {
    static var isOfKeys: Bool { false }
    var tellsOfWrite: Bool { false }
}

extension EtcdRangeResponse: EtcdAnswer {
    var head: EtcdResponseHeader? { header }
    static var isOfKeys: Bool { true }

    /// What makes it no answer to a request for a range without a limit, or nil.
    func flaw(in range: EtcdKeyRange, limit: Int64 = 0, revision: Int64) -> String? {
        let isPage = limit > 0 && kvs.count == limit && count > limit
        guard isPage ? more : !more && count == kvs.count else { return "\(kvs.count) entries of \(count)" }
        guard zip(kvs, kvs.dropFirst()).allSatisfy({ $0.key.lexicographicallyPrecedes($1.key) }) else { return "entries in no order" }
        // What lies between the first and the last of an order is asked for if they are.
        if let first = kvs.first, let last = kvs.last, !range.contains(first.key) || !range.contains(last.key) {
            return "an entry that was not asked for"
        }
        return kvs.contains { $0.modRevision < 1 || $0.modRevision > revision } ? "an entry of another time" : nil
    }
}

extension EtcdTxnResponse: EtcdAnswer {
    var head: EtcdResponseHeader? { header }
    static var isOfKeys: Bool { true }
    var tellsOfWrite: Bool {
        succeeded
            && responses.contains {
                switch $0 {
                case .put: true
                case .deleteRange(let response): response.deleted > 0
                case .range: false
                }
            }
    }

    /// What makes it no answer to a transaction, or nil.
    func flaw(to request: EtcdTxnRequest) -> String? {
        let operations = succeeded ? request.success : request.failure
        guard operations.count == responses.count else { return "\(responses.count) answers to \(operations.count) operations" }
        for (operation, response) in zip(operations, responses) {
            switch (operation, response) {
            case (.range(let request), .range(let response)):
                if let flaw = response.flaw(in: request.range, limit: request.limit, revision: header.revision) { return flaw }
            case (.put, .put), (.deleteRange, .deleteRange): break
            default: return "an answer to another operation"
            }
        }
        return nil
    }
}

extension EtcdLeaseResponse: EtcdAnswer {
    var head: EtcdResponseHeader? { header }
}

extension EtcdHeaderResponse: EtcdAnswer {
    var head: EtcdResponseHeader? { header }
}

extension EtcdStreamFrame: EtcdAnswer where Result: EtcdAnswer {
    var head: EtcdResponseHeader? {
        guard case .result(let result) = self else { return nil }
        return result.head
    }
}
