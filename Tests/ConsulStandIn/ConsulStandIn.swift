import Hummingbird
import Logging
import Synchronization
import TestSupport

/// A stand-in of Consul's HTTP API on a port of loopback: keys, transactions, sessions and blocking queries, by Consul's documented rules.
///
/// It is for tests where no real `consul` is at hand; what of it is an assumption is listed in `docs/design/store.md`. It keeps its data
/// over ``stop()`` and ``restart()``; dropping it ends it.
///
///     let consul = try await ConsulStandIn.start()
///     … http://127.0.0.1:\(consul.port)/v1/kv/ …
///     await consul.stop()
///     try await consul.restart()
public final class ConsulStandIn: Sendable {
    /// What is set in a real one's configuration.
    public struct Options: Sendable {
        public var datacenter = "dc1"
        public var nodeName = "stand-in"
        /// Consul's `session_ttl_min`.
        public var sessionTTLMin = Duration.seconds(10)
        /// How often a session's time to live passes before it ends: Consul promises at least once, and takes twice.
        public var ttlMultiplier = 2
        /// The one ACL token that may read and write; nil for no ACLs.
        public var token: String?
        /// Whether it knows namespaces.
        public var isEnterprise = false
        /// Operations in a transaction: 64 until Consul 1.11, and 128 since.
        public var mostOperations = 64
        /// Consul's `kv_max_value_size` and `txn_max_req_len`, in bytes.
        public var mostBytes = 512 << 10

        public init() {}
    }

    /// What it answers in the place of doing what it is asked.
    public enum Fault: Sendable {
        /// 500 `No cluster leader`, for all but stale reads.
        case noLeader
        /// 429, as Consul's limits of rates do.
        case tooManyRequests
        /// 500 after having done it: the answer of the leader was lost.
        case leadershipLost
    }

    public let port: UInt16
    let datacentre: Datacentre
    private let serving: Mutex<Serving?>

    /// Starts one and waits until it answers.
    /// - Parameter clock: what sessions live by.
    public static func start(
        _ options: Options = Options(), clock: some Clock<Duration> = ContinuousClock(), port: UInt16 = 0
    ) async throws -> ConsulStandIn {
        try await start(Datacentre(options, clock: clock), port: port)
    }

    /// Another agent of the same datacentre, on a port of its own.
    public func anotherAgent() async throws -> ConsulStandIn { try await Self.start(datacentre, port: 0) }

    private static func start(_ datacentre: Datacentre, port: UInt16) async throws -> ConsulStandIn {
        ConsulStandIn(datacentre, try await Serving.start(datacentre, port: port))
    }

    private init(_ datacentre: Datacentre, _ serving: Serving) {
        self.datacentre = datacentre
        port = serving.port
        self.serving = Mutex(serving)
    }

    deinit {
        let serving = serving.withLock { $0 }
        Task { await serving?.stop() }
    }

    /// Ends it: it accepts nobody, and its connections end. What it knows stays.
    public func stop() async {
        await serving.withLock { $0.take() }?.stop()
    }

    /// Ends it and starts it again on the same port with what it knows; sessions have their whole time again.
    public func restart() async throws {
        await stop()
        datacentre.electLeader()
        let again = try await Serving.start(datacentre, port: port)
        serving.withLock { $0 = again }
    }
}

// MARK: What a test does to it

extension ConsulStandIn {
    /// Answers with a fault until it is told otherwise.
    public func fail(with fault: Fault?) { datacentre.rules.withLock { $0.fault = fault } }

    /// From now on reads that are not consistent see the data of now, however it changes; false ends that.
    public func freezeStaleReads(_ isFrozen: Bool = true) { datacentre.freezeStaleReads(isFrozen) }

    /// Forgets tombstones, as Consul does a quarter of an hour after a deletion: the index of a list may go back by it.
    public func reapTombstones() { datacentre.change { world, _ in world.table.reapTombstones() } }

    /// Lets all indexes begin again at an earlier one with the same data, as after a restore; blocking queries return.
    public func moveIndexBack(by distance: UInt64 = 1000) { datacentre.change { world, _ in world.moveBack(by: distance) } }

    /// Keeps the data of now for ``restore(_:)``.
    public func snapshot() -> ConsulSnapshot { ConsulSnapshot(world: datacentre.world.withLock { $0 }) }

    /// Puts earlier data in the place of today's, with its indexes.
    public func restore(_ snapshot: ConsulSnapshot) { datacentre.change { world, _ in world.restore(snapshot.world) } }

    /// Ends a session as if its time had passed.
    public func expire(_ session: String) { datacentre.change { world, now in world.endSession(session, at: now) } }

    /// The health check of a node fails: sessions that depend on it end.
    public func failSerfHealth() { datacentre.change { world, now in world.failCheck("serfHealth", at: now) } }

    /// Writes from elsewhere advance the index.
    public func write(_ key: String, _ value: String) {
        datacentre.change { world, now in
            let operation = TxnOperation(
                verb: "set", key: ConsulKey(key, in: "default"), value: Array(value.utf8), flags: 0, index: 0, session: "")
            _ = world.perform([operation], at: now)
        }
    }

    /// Moves sessions on that are due on a clock that a test moves.
    public func endDueSessions() { datacentre.change { world, now in world.endDueSessions(at: now) } }

    /// The requests so far, oldest first.
    public var requests: [ConsulRequest] { datacentre.rules.withLock { $0.requests } }

    /// How many blocking queries wait for a change, at all agents.
    public var waitingQueries: Int { datacentre.waitingQueries }

    /// The sessions that live.
    public var sessionNames: [String] { datacentre.world.withLock { $0.sessions.values.map(\.name).sorted() } }
}

/// Data that can be restored.
public struct ConsulSnapshot: Sendable {
    let world: World
}

/// A request as the stand-in has seen it.
public struct ConsulRequest: Hashable, Sendable {
    public let method: String
    public let path: String
    /// With an empty text for a parameter without a value.
    public let query: [String: String]
    public let token: String?
    public let body: String
}
