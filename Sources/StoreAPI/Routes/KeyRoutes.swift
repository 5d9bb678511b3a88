import ClusterStore
import EtcdProtocol
import Hummingbird

/// Reading and writing keys: everything is a transaction.
extension StoreRoutes {
    func addKeys(to router: Router<some RequestContext>) {
        add(.range, to: router) { (request: EtcdRangeRequest) in
            guard case .range(let answer)? = try await perform([.range(request)]).responses.first else { throw Self.noAnswer }
            return answer
        }
        add(.put, to: router) { (request: EtcdPutRequest) in
            guard case .put(let answer)? = try await perform([.put(request)]).responses.first else { throw Self.noAnswer }
            return answer
        }
        add(.deleteRange, to: router) { (request: EtcdDeleteRangeRequest) in
            guard case .deleteRange(let answer)? = try await perform([.deleteRange(request)]).responses.first else { throw Self.noAnswer }
            return answer
        }
        add(.txn, to: router) { (request: EtcdTxnRequest) in try await perform(request) }
        add(.compaction, to: router) { (request: EtcdCompactionRequest) in
            // etcd names the oldest revision to keep.
            switch try await store.compact(through: StoreRevision(request.revision &- 1)) {
            case .done: return EtcdHeaderResponse(header: try await header())
            case .forgottenBefore: throw EtcdErrorBody.compacted
            case .future: throw EtcdErrorBody.futureRevision
            }
        }
    }

    private static let noAnswer = EtcdErrorBody(.internalError, "the store gave no answer")

    private func perform(_ operations: [EtcdRequestOp]) async throws -> EtcdTxnResponse {
        try await perform(EtcdTxnRequest(success: operations))
    }

    private func perform(_ request: EtcdTxnRequest) async throws -> EtcdTxnResponse {
        let transaction = RawTransaction(
            try request.compare.map { try RawCompare($0) }, then: try request.success.map { try RawOperation($0) },
            otherwise: try request.failure.map { try RawOperation($0) })
        let outcome = try await store.perform(transaction)
        let taken = outcome.succeeded ? request.success : request.failure
        try checkRevisions(of: taken, outcome.revision)
        let header = header(outcome.revision)
        let responses = zip(taken, outcome.results).compactMap { EtcdResponseOp($0, $1, header) }
        return EtcdTxnResponse(header: header, succeeded: outcome.succeeded, responses: responses)
    }

    /// A read of a past revision is refused as etcd refuses one that is compacted: what the keys held then is not kept.
    private func checkRevisions(of operations: [EtcdRequestOp], _ revision: StoreRevision) throws(EtcdErrorBody) {
        for case .range(let range) in operations where range.revision > 0 {
            if range.revision < revision.rawValue { throw .compacted }
            if range.revision > revision.rawValue { throw .futureRevision }
        }
    }
}
