public import ClusterStore
import EtcdProtocol
public import HTTPTransport
public import Logging
public import NetworkModel

public typealias EtcdEndpoint = ServerEndpoint

/// A cluster store in etcd, or in anything that serves the same part of its v3 JSON gateway.
///
/// Several endpoints are one store: it stays with one that answers. Reads are linearizable and repeated on another endpoint; a write is
/// repeated only if it provably was not sent.
public final class EtcdStore: ClusterStore {
    public let location: String
    private let root: EtcdRoot
    let caller: EtcdCaller
    private let limits: EtcdLimits
    private let clock: any Clock<Duration>
    private let randomness: any Randomness
    private let logger: Logger

    /// - Parameters:
    ///   - endpoints: the members of one cluster. Which is asked first is drawn, so that many clients spread over them.
    ///   - root: the path that all keys are below; slashes at its ends do not count.
    ///   - credentials: who we are to an etcd that has users.
    ///   - clock: what a watch waits on before it tries again.
    ///   - patience: how long an endpoint may take to answer a call, and all of them together to be connected to; nil for a second.
    public convenience init(
        endpoints: [EtcdEndpoint], root: String = "skein", http: HTTPClient, credentials: Credentials? = nil,
        clock: any Clock<Duration> = ContinuousClock(), randomness: any Randomness, patience: Duration? = nil, logger: Logger
    ) {
        var limits = EtcdLimits()
        if let patience {
            limits = EtcdLimits(connect: patience, answer: patience, turn: max(patience, limits.turn), list: max(patience, limits.list))
        }
        self.init(
            EndpointRotation(endpoints, startingAt: randomness.next()), root: root, http: http, credentials: credentials, clock: clock,
            randomness: randomness, limits: limits, logger: logger)
    }

    init(
        _ rotation: EndpointRotation, root: String, http: HTTPClient, credentials: Credentials? = nil, clock: any Clock<Duration>,
        randomness: any Randomness, limits: EtcdLimits, logger: Logger
    ) {
        let path = root.split(separator: "/").joined(separator: "/")
        location = "etcd://" + rotation.endpoints.map(\.description).joined(separator: ",") + (path.isEmpty ? "" : "/" + path)
        self.root = EtcdRoot(root)
        let access = EtcdAccess(location: location, user: credentials?.user, prefix: path.isEmpty ? "" : path + "/")
        caller = EtcdCaller(rotation, access: access, http: http, credentials: credentials, limits: limits, logger: logger)
        self.limits = limits
        self.clock = clock
        self.randomness = randomness
        self.logger = logger
    }

    public func get(_ key: StoreKey) async throws(StoreError) -> StoreEntry? {
        let request = EtcdRangeRequest(key: root.bytes(of: key))
        let response = try await caller.call(.range, request, answer: EtcdRangeResponse.self, .harmless) {
            $0.flaw(in: request.range, revision: $0.header.revision)
        }
        return response.kvs.first.map(root.entry)
    }

    public func list(_ prefixes: [StoreKey]) async throws(StoreError) -> StoreSnapshot {
        try await read(prefixes).snapshot
    }

    public func commit(_ transaction: StoreTransaction) async throws(StoreError) -> CommitOutcome {
        let request = try root.request(for: transaction)
        return root.outcome(of: try await caller.call(.txn, request, answer: EtcdTxnResponse.self, .never) { $0.flaw(to: request) })
    }

    public func watch(_ prefix: StoreKey) -> StoreWatch {
        let runner = WatchRunner(
            range: root.range(below: prefix), root: root, caller: caller, trust: limits.trust, clock: clock, randomness: randomness,
            list: { [self] () throws(StoreError) in try await read([prefix]) })
        return StoreWatch(AsyncStream { await runner.next() })
    }

    /// Lives at least this long: etcd counts whole seconds.
    public func grantLease(lasting ttl: Duration) async throws(StoreError) -> LeaseID {
        let (seconds, fraction) = ttl.components
        let request = EtcdLeaseGrantRequest(ttl: max(1, fraction > 0 ? seconds + 1 : seconds))
        // A lease that nobody knows of expires.
        let response = try await caller.call(.leaseGrant, request, answer: EtcdLeaseResponse.self, .harmless) {
            $0.id == 0 ? "no lease" : nil
        }
        return LeaseID(String(response.id))
    }

    public func renew(_ lease: LeaseID) async throws(StoreError) {
        let request = EtcdLeaseRequest(id: try root.number(of: lease))
        let frame = try await caller.call(.leaseKeepAlive, request, answer: EtcdStreamFrame<EtcdLeaseResponse>.self, .harmless) { frame in
            if case .result(let response) = frame, response.id != request.id { "another lease" } else { nil }
        }
        switch frame {
        case .result(let response) where response.ttl > 0: return
        case .result: throw StoreError(.leaseNotFound, "the lease \(lease) has expired in \(location)")
        case .error(let body): throw StoreError(.unavailable, "the store \(location) does not renew leases: \(body.message)")
        }
    }

    public func revoke(_ lease: LeaseID) async throws(StoreError) {
        do throws(StoreError) {
            let request = EtcdLeaseRequest(id: try root.number(of: lease))
            _ = try await caller.call(.leaseRevoke, request, answer: EtcdHeaderResponse.self, .harmless)
        } catch {
            guard error.code == .leaseNotFound else { throw error }
        }
    }

    /// All entries below prefixes at one revision, with who answered.
    private func read(_ prefixes: [StoreKey]) async throws(StoreError) -> EtcdListing {
        var restarts = 0
        while true {
            var reading = EtcdReading(prefixes, root: root)
            do throws(StoreError) {
                if let request = reading.next() { reading.take(try await page(request)) }
                reading.join(try await readOn(reading.strands()))
                return reading.listing
            } catch {
                // The revision that the first page was of may be forgotten by now.
                guard reading.hasBegun, error.code == .rejected, restarts < 3 else { throw error }
                restarts += 1
            }
        }
    }

    private func page(_ request: EtcdTxnRequest) async throws(StoreError) -> EtcdTxnResponse {
        try await caller.call(.txn, request, answer: EtcdTxnResponse.self, .harmless, isList: true) { $0.flaw(to: request) }
    }

    /// Reads strands of a list to their ends, side by side; the first that fails ends the others.
    private func readOn(_ strands: [EtcdReading]) async throws(StoreError) -> [EtcdReading] {
        let outcome = await withTaskGroup(of: (number: Int, outcome: Result<EtcdReading, StoreError>).self) { group in
            for (number, strand) in strands.enumerated() { group.addTask { (number, await self.outcome(of: strand)) } }
            var read = strands
            for await (number, outcome) in group {
                do throws(StoreError) {
                    read[number] = try outcome.get()
                } catch {
                    group.cancelAll()
                    return Result<[EtcdReading], StoreError>.failure(error)
                }
            }
            return .success(read)
        }
        return try outcome.get()
    }

    private func outcome(of strand: EtcdReading) async -> Result<EtcdReading, StoreError> {
        var strand = strand
        do throws(StoreError) {
            while let request = strand.next() { strand.take(try await page(request)) }
            return .success(strand)
        } catch {
            return .failure(error)
        }
    }
}
