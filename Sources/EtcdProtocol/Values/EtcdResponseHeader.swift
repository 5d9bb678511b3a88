public import NetworkModel

/// The head of every answer: who answered, and the store's revision then.
public struct EtcdResponseHeader: Codable, Hashable, Sendable, EtcdReadable, EtcdZero {
    @EtcdInteger public var clusterID: UInt64
    @EtcdInteger public var memberID: UInt64
    @EtcdInteger public var revision: Int64
    @EtcdInteger public var raftTerm: UInt64

    public init(clusterID: UInt64 = 0, memberID: UInt64 = 0, revision: Int64 = 0, raftTerm: UInt64 = 0) {
        self.clusterID = clusterID
        self.memberID = memberID
        self.revision = revision
        self.raftTerm = raftTerm
    }

    public init(_ node: JSONNode) throws {
        var object = try node.object()
        self.init(
            clusterID: try object.optional("cluster_id").integer(), memberID: try object.optional("member_id").integer(),
            revision: try object.optional("revision").integer(), raftTerm: try object.optional("raft_term").integer())
    }

    public static var etcdZero: EtcdResponseHeader { EtcdResponseHeader() }

    enum CodingKeys: String, CodingKey {
        case clusterID = "cluster_id"
        case memberID = "member_id"
        case revision
        case raftTerm = "raft_term"
    }
}
