/// The answer of `/v3/maintenance/status`, whose request is empty.
public struct EtcdStatusResponse: Codable, Hashable, Sendable {
    @EtcdOmitted public var header: EtcdResponseHeader
    @EtcdOmitted public var version: String
    /// Bytes.
    @EtcdInteger public var dbSize: Int64
    /// The leader's member id; 0 when there is none.
    @EtcdInteger public var leader: UInt64
    @EtcdInteger public var raftIndex: UInt64
    @EtcdInteger public var raftTerm: UInt64
    @EtcdInteger public var raftAppliedIndex: UInt64
    @EtcdInteger public var dbSizeInUse: Int64
    /// Alarms, such as `NOSPACE`.
    @EtcdOmitted public var errors: [String]

    public init(
        header: EtcdResponseHeader = EtcdResponseHeader(), version: String, dbSize: Int64 = 0, leader: UInt64 = 0, raftIndex: UInt64 = 0,
        raftTerm: UInt64 = 0, raftAppliedIndex: UInt64 = 0, dbSizeInUse: Int64 = 0, errors: [String] = []
    ) {
        self.header = header
        self.version = version
        self.dbSize = dbSize
        self.leader = leader
        self.raftIndex = raftIndex
        self.raftTerm = raftTerm
        self.raftAppliedIndex = raftAppliedIndex
        self.dbSizeInUse = dbSizeInUse
        self.errors = errors
    }
}

/// The answer of `GET /health`.
public struct EtcdHealth: Codable, Hashable, Sendable {
    /// `true` or `false`, as text.
    public var health: String

    public init(isHealthy: Bool) {
        health = isHealthy ? "true" : "false"
    }
}

/// The answer of `GET /version`.
public struct EtcdVersion: Codable, Hashable, Sendable {
    public var etcdserver: String
    public var etcdcluster: String

    public init(etcdserver: String, etcdcluster: String) {
        self.etcdserver = etcdserver
        self.etcdcluster = etcdcluster
    }
}
