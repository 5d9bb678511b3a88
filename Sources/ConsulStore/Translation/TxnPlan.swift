import ClusterStore

/// A transaction as operations of Consul, and what it means when one of them fails.
///
/// Consul has no branches: a compare is an operation that fails. Its `set` leaves a key under the session that it has, so a put without a
/// lease is followed by a check that there is none; and it leaves the index as it is when nothing changes, so each transaction has a mark
/// of its own in the flags of what it writes.
struct TxnPlan: Sendable {
    enum Role: Hashable, Sendable {
        /// Fails if the compare does not hold.
        case compare(StoreCompare)
        /// Fails if the key is under another session than is known.
        case session(StoreKey)
        /// Fails only for what is wrong with the request.
        case write
    }

    private(set) var operations: [ConsulOperation] = []
    private(set) var roles: [Role] = []
    private let root: ConsulRoot
    private let flags: UInt64
    private let held: [StoreKey: String]
    /// Compares that are made by the write of their key.
    private var merged: [StoreKey: StoreCompare] = [:]

    /// - Parameters:
    ///   - mark: differs from one transaction to the next.
    ///   - held: the sessions that keys are known to be under.
    init(_ transaction: StoreTransaction, root: ConsulRoot, mark: UInt64, held: [StoreKey: String] = [:]) {
        self.root = root
        // Numbers up to this one survive every reader of JSON.
        flags = mark % (1 << 53)
        self.held = held
        merged = Self.mergeable(transaction, held: held)
        for compare in transaction.compares where merged[compare.key] == nil { add(compare) }
        let onlyDeletes = !transaction.operations.contains { if case .put = $0 { true } else { false } }
        if onlyDeletes, !transaction.operations.isEmpty { add(.set, root.revisionKey, .write, value: []) }
        for operation in transaction.operations { add(operation) }
    }

    /// A put of a key that is compared once needs no operation for the compare, unless a session is in play.
    private static func mergeable(_ transaction: StoreTransaction, held: [StoreKey: String]) -> [StoreKey: StoreCompare] {
        let compares = Dictionary(grouping: transaction.compares, by: \.key)
        var merged: [StoreKey: StoreCompare] = [:]
        for case .put(let key, _, nil) in transaction.operations {
            guard held[key] == nil, let own = compares[key], own.count == 1 else { continue }
            switch own[0] {
            case .absent: merged[key] = own[0]
            // To Consul an index of 0 means that the key is absent.
            case .unchanged(_, let revision) where revision > .zero: merged[key] = own[0]
            default: break
            }
        }
        return merged
    }

    private mutating func add(_ compare: StoreCompare) {
        let name = root.name(of: compare.key)
        switch compare {
        case .absent: add(.checkNotExists, name, .compare(compare))
        case .present: add(.get, name, .compare(compare))
        case .unchanged(_, let revision): add(.checkIndex, name, .compare(compare), index: revision.rawValue)
        }
    }

    private mutating func add(_ operation: StoreOperation) {
        switch operation {
        case .delete(let key): add(.delete, root.name(of: key), .write)
        case .deleteChildren(let key): add(.deleteTree, root.name(of: key.children), .write)
        case .put(let key, let value, let lease): addPut(key, value, lease)
        }
    }

    private mutating func addPut(_ key: StoreKey, _ value: [UInt8], _ lease: LeaseID?) {
        let name = root.name(of: key)
        if let holder = held[key], holder != lease?.rawValue {
            add(.unlock, name, .session(key), value: value, session: holder)
            guard lease != nil else { return }
        }
        if let lease {
            add(.lock, name, .session(key), value: value, session: lease.rawValue)
            return
        }
        switch merged[key] {
        case .absent(let absent)?:
            // A key that is new is under no session.
            add(.cas, name, .compare(.absent(absent)), value: value, index: 0)
        case .unchanged(_, let revision)?:
            add(.cas, name, .compare(.unchanged(key, since: revision)), value: value, index: revision.rawValue)
            add(.checkSession, name, .session(key), session: "")
        default:
            add(.set, name, .write, value: value)
            add(.checkSession, name, .session(key), session: "")
        }
    }

    private mutating func add(
        _ verb: ConsulOperation.Verb, _ name: String, _ role: Role, value: [UInt8]? = nil, index: Int64? = nil, session: String? = nil
    ) {
        operations.append(
            ConsulOperation(verb, name, value: value, flags: value.map { _ in flags }, index: index, session: session))
        roles.append(role)
    }
}

/// What it means that Consul did not carry out a transaction.
enum TxnVerdict: Hashable, Sendable {
    /// Compares did not hold; these keys were absent, as far as the errors tell.
    case conflict(absent: Set<StoreKey>)
    /// Keys are under other sessions than was thought.
    case held([StoreKey])
    case refused(StoreError.Code, String)

    init(_ problems: [ConsulTxnAnswer.Problem], of plan: TxnPlan) {
        let known = problems.filter { plan.roles.indices.contains($0.operation) }
        if let denial = problems.first(where: { ConsulText.isDenial($0.what) }) {
            self = .refused(.denied, denial.what)
        } else if known.contains(where: { plan.roles[$0.operation].isCompare }) {
            self = .conflict(absent: Self.absent(known, of: plan))
        } else if let gone = known.first(where: { ConsulText.isSessionGone($0.what) }) {
            self = .refused(.leaseNotFound, gone.what)
        } else if let delayed = known.first(where: { ConsulText.isLockDelay($0.what) }) {
            self = .refused(.unavailable, delayed.what)
        } else if let other = problems.first(where: { problem in !known.contains { $0 == problem && plan.roles[$0.operation] != .write } })
        {
            self = .refused(.rejected, other.what)
        } else {
            self = .held(known.compactMap { if case .session(let key) = plan.roles[$0.operation] { key } else { nil } })
        }
    }

    private static func absent(_ problems: [ConsulTxnAnswer.Problem], of plan: TxnPlan) -> Set<StoreKey> {
        let failed = Dictionary(problems.map { ($0.operation, $0.what) }, uniquingKeysWith: { first, _ in first })
        var absent: Set<StoreKey> = []
        for (number, role) in plan.roles.enumerated() {
            switch role {
            case .compare(.absent(let key)) where failed[number] == nil: absent.insert(key)
            case .compare(.present(let key)) where failed[number] != nil: absent.insert(key)
            case .compare(.unchanged(let key, _)) where failed[number].map(ConsulText.isAbsence) == true: absent.insert(key)
            default: break
            }
        }
        return absent
    }
}

extension TxnPlan.Role {
    var isCompare: Bool { if case .compare = self { true } else { false } }
}

extension StoreCompare {
    /// Whether it holds for what is at its key.
    func holds(for entry: StoreEntry?) -> Bool {
        switch self {
        case .absent: entry == nil
        case .present: entry != nil
        case .unchanged(_, let revision): entry?.modified == revision
        }
    }
}
