/// `/v3/kv/compaction`: forgets the history before a revision.
public struct EtcdCompactionRequest: Codable, Hashable, Sendable {
    /// The oldest revision to keep.
    @EtcdInteger public var revision: Int64
    /// Whether to answer only when the space is given back.
    @EtcdOmitted public var physical: Bool

    public init(revision: Int64, physical: Bool = false) {
        self.revision = revision
        self.physical = physical
    }
}

/// An answer that says no more than that it was done: of a compaction, or of a lease that was revoked.
public struct EtcdHeaderResponse: Codable, Hashable, Sendable {
    @EtcdOmitted public var header: EtcdResponseHeader

    public init(header: EtcdResponseHeader = EtcdResponseHeader()) {
        self.header = header
    }
}
