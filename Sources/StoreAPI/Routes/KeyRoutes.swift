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
        let outcome: RawOutcome
        do throws(StoreError) {
            outcome = try await store.perform(transaction)
        } catch {
            throw try await wrongRevision(in: request.success + request.failure) ?? EtcdErrorBody(error)
        }
        let header = header(outcome.revision)
        let responses = zip(outcome.succeeded ? request.success : request.failure, outcome.results)
        return EtcdTxnResponse(
            header: header, succeeded: outcome.succeeded, responses: responses.compactMap { EtcdResponseOp($0, $1, header) })
    }

    /// What etcd says of a read at a revision that is to come or forgotten, if that is why a transaction was refused.
    private func wrongRevision(in operations: [EtcdRequestOp]) async throws(StoreError) -> EtcdErrorBody? {
        let current = try await store.currentRevision().rawValue
        for case .range(let range) in operations where range.revision > 0 {
            if range.revision > current { return .futureRevision }
            if range.revision < current { return .compacted }
        }
        return nil
    }
}
