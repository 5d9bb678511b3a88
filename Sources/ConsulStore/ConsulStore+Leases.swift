public import ClusterStore
import HTTPTransport

/// A lease is a session whose keys are deleted with it.
extension ConsulStore {
    /// Lives at least this long, and at least ten seconds: Consul allows no less, and may take twice as long to notice.
    public func grantLease(lasting ttl: Duration) async throws(StoreError) -> LeaseID {
        let (seconds, fraction) = ttl.components
        let wanted = fraction > 0 ? seconds + 1 : seconds
        guard wanted <= ConsulLimits.timeToLive.upperBound else {
            throw StoreError(
                .rejected, "\(location) refuses: a lease of \(wanted) s, and \(ConsulLimits.timeToLive.upperBound) s are the most")
        }
        let request = ConsulSessionRequest(timeToLive: "\(max(wanted, ConsulLimits.timeToLive.lowerBound))s")
        // A session that nobody knows of expires.
        let call = ConsulCall(method: "PUT", path: "session/create", body: try caller.encode(request), timeout: limits.answer)
        let lease = try await caller.call(call) { LeaseID(try $0.consul(ConsulSession.self).id) }
        guard lease.isSession else { throw StoreError(.malformedAnswer, "\(location) made a session that is none: \(lease)") }
        return lease
    }

    public func renew(_ lease: LeaseID) async throws(StoreError) {
        guard lease.isSession else { throw gone(lease) }
        let call = ConsulCall(method: "PUT", path: "session/renew/\(lease)", timeout: limits.answer, answers: [404])
        let isThere = try await caller.call(call) { response in
            // Whatever else says 404 does not name the session.
            if response.status == 404, ConsulText.brief(response.body).contains(lease.rawValue) { return false }
            guard response.status == 200, try response.consul([ConsulSession].self).contains(where: { $0.id == lease.rawValue }) else {
                throw ConsulMisanswer("an answer about another session")
            }
            return true
        }
        if !isThere { throw gone(lease) }
    }

    public func revoke(_ lease: LeaseID) async throws(StoreError) {
        guard lease.isSession else { return }
        do throws(StoreError) {
            let call = ConsulCall(method: "PUT", path: "session/destroy/\(lease)", timeout: limits.answer)
            guard try await caller.call(call, { try $0.consul(Bool.self) }) else {
                throw refusal(.unavailable, "the end of session \(lease)")
            }
        } catch {
            // With ACLs Consul looks the session up first.
            guard error.message.contains("Unknown session") else { throw error }
        }
    }

    private func gone(_ lease: LeaseID) -> StoreError {
        StoreError(.leaseNotFound, "\(location) has no session \(lease): it has expired or never was")
    }
}

extension LeaseID {
    /// Whether it can be one of Consul's: a UUID (RFC 9562).
    fileprivate var isSession: Bool {
        let groups = rawValue.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
    }
}
