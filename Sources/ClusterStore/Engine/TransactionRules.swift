/// What a store refuses before it looks at a key: etcd's rules hold for every store, so that no caller learns to rely on another's.
struct TransactionRules {
    /// etcd's `--max-txn-ops`: the most compares, and the most steps of either branch.
    static let mostSteps = 128
    /// etcd's `--max-request-bytes`.
    static let mostBytes = 1_572_864

    let location: String

    func check(_ transaction: RawTransaction) throws(StoreError) {
        let largest = max(transaction.compares.count, Self.steps(transaction.success), Self.steps(transaction.failure))
        guard largest <= Self.mostSteps else {
            throw refusal("a transaction has \(largest) compares or operations, and \(Self.mostSteps) are the most")
        }
        guard transaction.size <= Self.mostBytes else {
            throw refusal("a transaction has \(transaction.size) bytes, and \(Self.mostBytes) are the most")
        }
        try checkWrites(transaction.success)
        try checkWrites(transaction.failure)
    }

    /// The steps of a branch that count: one that only reads may have any number.
    private static func steps(_ branch: [RawOperation]) -> Int {
        let isReading = branch.allSatisfy { if case .read = $0 { true } else { false } }
        return isReading ? 0 : branch.count
    }

    private func checkWrites(_ operations: [RawOperation]) throws(StoreError) {
        var written: Set<RawKey> = []
        for case .put(let key, _, _) in operations {
            guard !key.bytes.isEmpty else { throw refusal("a key is empty") }
            guard written.insert(key).inserted else { throw refusal("a transaction writes the key \(key) twice") }
        }
        guard !written.isEmpty else { return }
        for case .delete(let range) in operations {
            guard let key = written.first(where: range.contains) else { continue }
            throw refusal("a transaction puts the key \(key) and deletes it too")
        }
    }

    private func refusal(_ reason: String) -> StoreError {
        StoreError(.rejected, "\(location) refuses: \(reason)")
    }
}

extension RawTransaction {
    /// The bytes of its keys and values.
    fileprivate var size: Int {
        (success + failure).reduce(compares.reduce(0) { $0 + $1.key.bytes.count }) { size, operation in
            switch operation {
            case .put(let key, let value, _): size + key.bytes.count + value.count
            case .read(let range, _, _), .delete(let range): size + range.first.bytes.count
            }
        }
    }
}
