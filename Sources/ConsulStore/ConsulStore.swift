public import ClusterStore
public import HTTPTransport
public import Logging
public import NetworkModel
import Synchronization

/// A cluster store in Consul's key/value store.
///
/// Several agents are one store: it stays with one that answers. Reads are consistent and repeated on another agent; a write is repeated
/// only if it provably was not carried out. A revision is an index of Consul's Raft log.
public final class ConsulStore: ClusterStore {
    public let location: String
    let root: ConsulRoot
    let caller: ConsulCaller
    let limits: ConsulLimits
    let clock: any Clock<Duration>
    let randomness: any Randomness
    private let seen = Mutex(StoreRevision.zero)
    /// How often a transaction is tried that others change the premises of.
    private static let mostRounds = 8

    /// - Parameters:
    ///   - root: the path that all keys are below; slashes at its ends do not count.
    ///   - clock: what a watch waits on before it tries again.
    ///   - patience: how long an agent may take to be connected to and to answer a call, instead of the second that is usual.
    public convenience init(
        endpoints: [ServerEndpoint], root: String = "skein", access: ConsulAccess = ConsulAccess(), http: HTTPClient,
        clock: any Clock<Duration> = ContinuousClock(), randomness: any Randomness, patience: Duration? = nil, logger: Logger
    ) {
        var limits = ConsulLimits()
        if let patience {
            (limits.connect, limits.answer) = (patience, patience)
            (limits.turn, limits.list) = (max(patience, limits.turn), max(patience, limits.list))
        }
        self.init(
            endpoints: endpoints, root: root, access: access, http: http, clock: clock, randomness: randomness, limits: limits,
            logger: logger)
    }

    init(
        endpoints: [ServerEndpoint], root: String, access: ConsulAccess, http: HTTPClient, clock: any Clock<Duration>,
        randomness: any Randomness, limits: ConsulLimits, logger: Logger
    ) {
        let path = root.split(separator: "/").joined(separator: "/")
        location = "consul://" + endpoints.map(\.description).joined(separator: ",") + (path.isEmpty ? "" : "/" + path)
        self.root = ConsulRoot(root)
        caller = ConsulCaller(
            endpoints: endpoints, location: location, access: access, http: http, limits: limits, logger: logger)
        self.limits = limits
        self.clock = clock
        self.randomness = randomness
    }

    // MARK: Bounds

    public var largestValue: Int { ConsulLimits.valueBytes }
    /// A blocking query tells how things are, not what happened in between.
    public var tellsEveryChange: Bool { false }

    public func takes(_ transaction: StoreTransaction) -> Bool { tooMany(TxnPlan(transaction, root: root, mark: 0)) == nil }

    private func plan(_ transaction: StoreTransaction, held: [StoreKey: String] = [:]) -> TxnPlan {
        TxnPlan(transaction, root: root, mark: randomness.next(), held: held)
    }

    private func tooMany(_ plan: TxnPlan) -> StoreError? {
        guard plan.operations.count > ConsulLimits.operations else { return nil }
        return StoreError(
            .rejected,
            "\(location) refuses: a transaction takes \(plan.operations.count) operations, and \(ConsulLimits.operations) are the most")
    }

    // MARK: Reading

    public func get(_ key: StoreKey) async throws(StoreError) -> StoreEntry? {
        // By a transaction, since a URL cannot hold every key.
        let (answer, _) = try await transact([ConsulOperation(.get, root.name(of: key))], isReading: true)
        if let problem = answer.errors?.first {
            guard ConsulText.isAbsence(problem.what) else { throw refusal(.rejected, problem.what) }
            return nil
        }
        guard let entry = answer.entries.first.flatMap(root.entry) else {
            throw refusal(.denied, "the token may not read the key \(key)")
        }
        return entry
    }

    public func list(_ prefixes: [StoreKey]) async throws(StoreError) -> StoreSnapshot {
        let plan = ListPlan(prefixes)
        let before = revisionSeen
        guard !plan.asked.isEmpty else { return StoreSnapshot(revision: before, entries: []) }
        if plan.asked.count == 1, ConsulURL.isSafe(root.name(of: plan.asked[0])) {
            let listing = try await listing(below: plan.asked[0])
            let revision = see(max(before, listing.revision))
            return StoreSnapshot(revision: revision, entries: listing.entries.filter { plan.wants($0.key) })
        }
        let operations = plan.asked.map { ConsulOperation(.getTree, root.name(of: $0)) }
        let (answer, _) = try await transact(operations, isReading: true, within: limits.list)
        if let problem = answer.errors?.first { throw refusal(.rejected, problem.what) }
        let entries = root.entries(answer.entries).filter { plan.wants($0.key) }
        // Consul tells no index with a transaction that reads: what it shows is at least as new as all that was seen before.
        let revision = see(entries.reduce(before) { max($0, $1.modified) })
        return StoreSnapshot(revision: revision, entries: entries)
    }

    public func watch(_ prefix: StoreKey) -> StoreWatch {
        let runner = WatchRunner(of: self, below: prefix)
        return StoreWatch(AsyncStream { await runner.next() })
    }

    // MARK: Writing

    public func commit(_ transaction: StoreTransaction) async throws(StoreError) -> CommitOutcome {
        if let key = transaction.keyWrittenTwice {
            throw StoreError(.rejected, "\(location) refuses: a transaction writes the key \(key) twice")
        }
        guard !transaction.compares.isEmpty || !transaction.operations.isEmpty else { return .committed(revisionSeen) }
        var held: [StoreKey: String] = [:]
        var last: [StoreKey: StoreEntry]?
        for _ in 0..<Self.mostRounds {
            let before = revisionSeen
            let plan = plan(transaction, held: held)
            if let error = tooMany(plan) { throw error }
            let (answer, isDone) = try await transact(plan.operations, isReading: transaction.operations.isEmpty)
            if isDone { return .committed(see(Self.revision(of: answer, isWrite: !transaction.operations.isEmpty, seen: before))) }
            switch TxnVerdict(answer.errors ?? [], of: plan) {
            case .refused(let code, let what): throw refusal(code, what)
            case .held(let keys): held = try await sessions(of: keys)
            case .conflict(let absent):
                let existing = try await compared(transaction.compares, absent: absent)
                last = existing
                guard transaction.compares.allSatisfy({ $0.holds(for: existing[$0.key]) }) else { return .conflict(existing) }
            }
        }
        if let last { return .conflict(last) }
        throw refusal(.unavailable, "others change the sessions of the keys too fast; nothing was done")
    }

    /// The index at which a transaction was carried out: the highest that its writes have. One that only compares holds for all that was
    /// seen before.
    private static func revision(of answer: ConsulTxnAnswer, isWrite: Bool, seen: StoreRevision) -> StoreRevision {
        let newest = answer.entries.map { StoreRevision(Int64(clamping: $0.modifyIndex)) }.max() ?? seen
        return isWrite ? newest : max(newest, seen)
    }

    /// The compared keys that exist, at one revision.
    private func compared(_ compares: [StoreCompare], absent: Set<StoreKey>) async throws(StoreError) -> [StoreKey: StoreEntry] {
        let keys = Set(compares.map(\.key)).sorted()
        var absent = absent
        for _ in 0..<Self.mostRounds {
            let operations = keys.map { ConsulOperation(absent.contains($0) ? .checkNotExists : .get, root.name(of: $0)) }
            let (answer, isDone) = try await transact(operations, isReading: true)
            if isDone {
                let entries = answer.entries.compactMap(root.entry)
                return Dictionary(entries.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
            }
            for problem in answer.errors ?? [] {
                guard keys.indices.contains(problem.operation), !ConsulText.isDenial(problem.what) else {
                    throw refusal(.denied, problem.what)
                }
                absent.formSymmetricDifference([keys[problem.operation]])
            }
        }
        throw refusal(.unavailable, "others change the compared keys too fast; nothing was done")
    }

    private func sessions(of keys: [StoreKey]) async throws(StoreError) -> [StoreKey: String] {
        var sessions: [StoreKey: String] = [:]
        for key in Set(keys) { sessions[key] = try await get(key)?.lease?.rawValue }
        return sessions
    }

    // MARK: Transactions

    /// - Returns: the answer, and whether it was carried out.
    private func transact(
        _ operations: [ConsulOperation], isReading: Bool, within timeout: Duration? = nil
    ) async throws(StoreError) -> (ConsulTxnAnswer, isDone: Bool) {
        let operations = operations.map { operation in
            var operation = operation
            operation.kv.namespace = caller.access.namespace
            return operation
        }
        let body = try caller.encode(operations)
        guard body.count <= ConsulLimits.requestBytes else {
            throw StoreError(
                .rejected,
                "\(location) refuses: a transaction has \(body.count) bytes, and \(ConsulLimits.requestBytes) are the most (Consul's "
                    + "txn_max_req_len)")
        }
        let call = ConsulCall(
            method: "PUT", path: "txn", parameters: isReading ? [("consistent", nil)] : [], body: body,
            repetition: isReading ? .harmless : .never, timeout: timeout ?? limits.answer, answers: [409])
        return try await caller.call(call) { response in
            let answer = try response.consul(ConsulTxnAnswer.self)
            let isDone = response.status == 200
            // What writes something has an entry for it, and what fails says why.
            guard isDone ? answer.results != nil && (isReading || !answer.entries.isEmpty) : answer.errors?.isEmpty == false else {
                throw ConsulMisanswer("an answer to a transaction without results or errors")
            }
            return (answer, isDone)
        }
    }

    func refusal(_ code: StoreError.Code, _ what: String) -> StoreError {
        StoreError(code, "\(location) refuses: \(caller.access.withoutToken(what))")
    }

    // MARK: Revisions

    /// The newest revision that this client was told of: what is read after it is as new.
    var revisionSeen: StoreRevision { seen.withLock { $0 } }

    @discardableResult
    func see(_ revision: StoreRevision) -> StoreRevision {
        seen.withLock { $0 = max($0, revision) }
        return revision
    }
}
