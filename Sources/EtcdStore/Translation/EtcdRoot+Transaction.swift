import ClusterStore
import EtcdProtocol

extension EtcdRoot {
    /// A transaction as etcd's: if a compare does not hold, it reads the compared keys.
    func request(for transaction: StoreTransaction) throws(StoreError) -> EtcdTxnRequest {
        var operations: [EtcdRequestOp] = []
        for operation in transaction.operations { operations.append(try request(for: operation)) }
        return EtcdTxnRequest(
            compare: transaction.compares.map(compare), success: operations,
            failure: comparedKeys(of: transaction).map { .range(EtcdRangeRequest(key: bytes(of: $0))) })
    }

    func outcome(of response: EtcdTxnResponse) -> CommitOutcome {
        guard !response.succeeded else { return .committed(StoreRevision(response.header.revision)) }
        var entries: [StoreKey: StoreEntry] = [:]
        for case .range(let range) in response.responses {
            for keyValue in range.kvs { entries[key(of: keyValue.key)] = entry(of: keyValue) }
        }
        return .conflict(entries)
    }

    private func comparedKeys(of transaction: StoreTransaction) -> [StoreKey] {
        // They are few, and long: to look at each is less than to hash them all.
        transaction.compares.reduce(into: []) { keys, compare in
            if !keys.contains(compare.key) { keys.append(compare.key) }
        }
    }

    private func compare(_ compare: StoreCompare) -> EtcdCompare {
        switch compare {
        case .absent(let key): .absent(bytes(of: key))
        case .present(let key): .present(bytes(of: key))
        case .unchanged(let key, let revision): .modified(bytes(of: key), at: revision.rawValue)
        }
    }

    private func request(for operation: StoreOperation) throws(StoreError) -> EtcdRequestOp {
        switch operation {
        case .put(let key, let value, let lease):
            var request = EtcdPutRequest(key: bytes(of: key), value: value)
            if let lease { request.lease = try number(of: lease) }
            return .put(request)
        case .delete(let key): return .deleteRange(EtcdDeleteRangeRequest(key: bytes(of: key)))
        case .deleteChildren(let key): return .deleteRange(EtcdDeleteRangeRequest(range(below: key.children)))
        }
    }

    /// A lease as etcd numbers it.
    /// - Throws: ``StoreError/Code/leaseNotFound`` for a lease that is not etcd's.
    func number(of lease: LeaseID) throws(StoreError) -> Int64 {
        guard let number = Int64(lease.rawValue), number != 0 else { throw StoreError(.leaseNotFound, "'\(lease)' is no lease of etcd") }
        return number
    }
}
