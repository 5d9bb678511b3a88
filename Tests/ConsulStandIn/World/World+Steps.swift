/// One operation of a transaction that cannot be carried out.
struct TxnRefusal: Error {
    let what: String

    init(_ what: String) { self.what = what }
}

extension World {
    /// Carries out one operation, as Consul's state store does.
    mutating func step(_ operation: TxnOperation) throws(TxnRefusal) -> [TxnResult] {
        let (key, path) = (operation.key, operation.key.path)
        if path.isEmpty, operation.verb != "delete-tree" { throw TxnRefusal("Must provide key") }
        switch operation.verb {
        case "get", "check-index", "check-session": return try look(operation)
        case "get-or-empty":
            return [TxnResult(key, table[key] ?? ConsulEntry(value: []), withValue: true)]
        case "get-tree":
            return table.list(key).keys.compactMap { key in table[key].map { TxnResult(key, $0, withValue: true) } }
        case "check-not-exists":
            guard table[key] == nil else { throw TxnRefusal("key \"\(path)\" exists") }
            return []
        case "set": return [set(operation)]
        case "cas":
            guard (table[key]?.modifyIndex ?? 0) == operation.index else {
                throw TxnRefusal("failed to set key \"\(path)\", index is stale")
            }
            return [set(operation)]
        case "lock", "unlock": return [try changeLock(operation)]
        case "delete": table.delete(key, at: index)
        case "delete-cas":
            let existing = table[key]
            guard existing == nil || existing?.modifyIndex == operation.index else {
                throw TxnRefusal("failed to delete key \"\(path)\", index is stale")
            }
            table.delete(key, at: index)
        case "delete-tree": table.deleteTree(key, at: index)
        case let verb: throw TxnRefusal("unknown KV verb \"\(verb)\"")
        }
        return []
    }

    private func look(_ operation: TxnOperation) throws(TxnRefusal) -> [TxnResult] {
        let path = operation.key.path
        guard let entry = table[operation.key] else {
            switch operation.verb {
            case "check-index": throw TxnRefusal("failed to check index, key \"\(path)\" doesn't exist")
            case "check-session": throw TxnRefusal("failed to check session, key \"\(path)\" doesn't exist")
            default: throw TxnRefusal("key \"\(path)\" doesn't exist")
            }
        }
        if operation.verb == "check-index", entry.modifyIndex != operation.index {
            throw TxnRefusal("failed index check for key \"\(path)\", current modify index \(entry.modifyIndex) != \(operation.index)")
        }
        if operation.verb == "check-session", (entry.session ?? "") != operation.session {
            throw TxnRefusal(
                "failed session check for key \"\(path)\", current session \"\(entry.session ?? "")\" != \"\(operation.session)\"")
        }
        return [TxnResult(operation.key, entry, withValue: operation.verb == "get")]
    }

    /// A write that leaves the lock as it is.
    private mutating func set(_ operation: TxnOperation) -> TxnResult {
        var entry = ConsulEntry(value: operation.value, flags: operation.flags)
        entry.session = table[operation.key]?.session
        // Consul's set gives the entry the lock index of the request, which is none.
        return TxnResult(operation.key, table.set(operation.key, entry, at: index), withValue: false)
    }

    private mutating func changeLock(_ operation: TxnOperation) throws(TxnRefusal) -> TxnResult {
        let path = operation.key.path
        let existing = table[operation.key]
        var entry = ConsulEntry(value: operation.value, flags: operation.flags)
        guard !operation.session.isEmpty else { throw TxnRefusal("missing session") }
        if operation.verb == "unlock" {
            guard let existing, existing.session == operation.session else {
                throw TxnRefusal("failed to unlock key \"\(path)\", lock isn't held, or is held by another session")
            }
            entry.lockIndex = existing.lockIndex
        } else {
            guard operation.session.utf8.count == 36 else {
                throw TxnRefusal("failed session lookup: index error: UUID must be 36 characters")
            }
            guard sessions[operation.session]?.namespace == operation.key.namespace else {
                throw TxnRefusal("invalid session \"\(operation.session)\"")
            }
            let holder = existing?.session
            guard holder == nil || holder == operation.session else {
                throw TxnRefusal("failed to lock key \"\(path)\", lock is already held")
            }
            entry.lockIndex = (existing?.lockIndex ?? 0) + (holder == nil ? 1 : 0)
            entry.session = operation.session
        }
        return TxnResult(operation.key, table.set(operation.key, entry, at: index), withValue: false)
    }
}
