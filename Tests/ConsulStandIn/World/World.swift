import Foundation

/// What the servers of a Consul datacentre agree on. Every write goes through one log and gets the next index.
struct World: Sendable {
    /// The index of Raft's log.
    private(set) var index: UInt64 = 10
    var table = KeyTable()
    private(set) var sessions: [String: ConsulSession] = [:]
    /// Until when keys cannot be locked, after the end of a session that had a lock delay.
    private var lockDelays: [ConsulKey: Duration] = [:]
    /// Counts what makes blocking queries look again, and those that end them.
    private(set) var changes = 0
    private(set) var restores = 0

    let options: ConsulStandIn.Options

    init(_ options: ConsulStandIn.Options) { self.options = options }

    // MARK: Transactions

    /// Carries out all operations at one index, or none and tells what is wrong with each.
    mutating func perform(_ operations: [TxnOperation], at now: Duration) -> Result<[TxnResult], TxnErrors> {
        let isWriting = operations.contains(where: \.isWrite)
        let delayed = operations.enumerated().filter { $1.verb == "lock" && (lockDelays[$1.key] ?? .zero) > now }
        guard delayed.isEmpty else {
            return .failure(TxnErrors(delayed.map { .init($0, "failed to lock key \"\($1.key.path)\" due to lock delay") }))
        }
        if isWriting { index += 1 }
        table.begin()
        var results: [TxnResult] = []
        var errors: [TxnErrors.One] = []
        for (number, operation) in operations.enumerated() {
            do throws(TxnRefusal) {
                results += try step(operation)
            } catch {
                errors.append(.init(number, error.what))
            }
        }
        guard errors.isEmpty else {
            table.rollBack()
            return .failure(TxnErrors(errors))
        }
        if isWriting { changes += 1 }
        return .success(results)
    }

    // MARK: Sessions

    mutating func createSession(_ request: SessionRequest, at now: Duration) throws(TxnRefusal) -> String {
        let ttl = try request.checkedTTL(atLeast: options.sessionTTLMin)
        guard ["release", "delete"].contains(request.behavior) else {
            throw TxnRefusal("Invalid Behavior setting '\(request.behavior)'")
        }
        index += 1
        let id = UUID().uuidString.lowercased()
        sessions[id] = ConsulSession(
            id: id, namespace: request.namespace, name: request.name, node: options.nodeName, behavior: request.behavior, ttl: ttl,
            lockDelay: request.lockDelay, checks: request.checks, createIndex: index, end: ttl.map { now + $0 * options.ttlMultiplier })
        return id
    }

    /// - Returns: nil if there is no such session.
    mutating func renewSession(_ id: String, at now: Duration) -> ConsulSession? {
        guard var session = sessions[id] else { return nil }
        session.end = session.ttl.map { now + $0 * options.ttlMultiplier }
        sessions[id] = session
        return session
    }

    /// Ends a session, with what it held.
    mutating func endSession(_ id: String, at now: Duration) {
        guard let session = sessions.removeValue(forKey: id) else { return }
        index += 1
        table.begin()
        for key in table.keys(heldBy: id) {
            if session.lockDelay > .zero { lockDelays[key] = now + session.lockDelay }
            guard session.behavior != "delete" else {
                table.delete(key, at: index)
                continue
            }
            guard var entry = table[key] else { continue }
            entry.session = nil
            _ = table.set(key, entry, at: index)
        }
        changes += 1
    }

    mutating func endDueSessions(at now: Duration) {
        for (id, session) in sessions where session.end.map({ $0 <= now }) ?? false { endSession(id, at: now) }
    }

    /// A new leader gives every session its whole time again.
    mutating func electLeader(at now: Duration) {
        for id in sessions.keys { _ = renewSession(id, at: now) }
    }

    mutating func failCheck(_ check: String, at now: Duration) {
        for (id, session) in sessions where session.checks.contains(check) { endSession(id, at: now) }
    }

    // MARK: History

    /// Lets the log begin again at an earlier index with the same data; blocking queries end at once.
    mutating func moveBack(by distance: UInt64) {
        table.moveBack(by: distance)
        index = index > distance + 1 ? index - distance : 2
        restored()
    }

    /// The data of an earlier time in the place of today's.
    mutating func restore(_ earlier: World) {
        (index, table, sessions) = (earlier.index, earlier.table, earlier.sessions)
        restored()
    }

    private mutating func restored() {
        changes += 1
        restores += 1
    }
}
