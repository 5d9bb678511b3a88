public import NetworkModel

/// What must hold of one key for a transaction to take its first branch.
///
/// A key that does not exist compares as one whose version and revisions are 0.
public struct EtcdCompare: Codable, Hashable, Sendable, EtcdWritable {
    public enum Relation: String, EtcdEnum {
        case equal = "EQUAL"
        case greater = "GREATER"
        case less = "LESS"
        case notEqual = "NOT_EQUAL"

        public static var etcdZero: Relation { .equal }
    }

    public enum Target: String, EtcdEnum {
        case version = "VERSION"
        case created = "CREATE"
        case modified = "MOD"
        case value = "VALUE"
        case lease = "LEASE"

        public static var etcdZero: Target { .version }
    }

    @EtcdOmitted public var result: Relation
    @EtcdOmitted public var target: Target
    @EtcdBytes public var key: [UInt8]
    /// What the target is compared with: only the one that the target names counts.
    @EtcdInteger public var version: Int64
    @EtcdInteger public var createRevision: Int64
    @EtcdInteger public var modRevision: Int64
    @EtcdBytes public var value: [UInt8]
    @EtcdInteger public var lease: Int64
    /// Compares every key of a range: see ``EtcdKeyRange``.
    @EtcdBytes public var rangeEnd: [UInt8]

    public init(
        key: [UInt8], target: Target, result: Relation, version: Int64 = 0, createRevision: Int64 = 0, modRevision: Int64 = 0,
        value: [UInt8] = [], lease: Int64 = 0, rangeEnd: [UInt8] = []
    ) {
        self.result = result
        self.target = target
        self.key = key
        self.version = version
        self.createRevision = createRevision
        self.modRevision = modRevision
        self.value = value
        self.lease = lease
        self.rangeEnd = rangeEnd
    }

    /// The key does not exist.
    public static func absent(_ key: [UInt8]) -> EtcdCompare { EtcdCompare(key: key, target: .created, result: .equal) }
    /// The key exists.
    public static func present(_ key: [UInt8]) -> EtcdCompare { EtcdCompare(key: key, target: .created, result: .greater) }
    /// The key was last written at a revision.
    public static func modified(_ key: [UInt8], at revision: Int64) -> EtcdCompare {
        EtcdCompare(key: key, target: .modified, result: .equal, modRevision: revision)
    }

    public func write(to json: JSONWriter) {
        json.object {
            json.member("result", result)
            json.member("target", target)
            json.member("key", key)
            json.member("version", version)
            json.member("create_revision", createRevision)
            json.member("mod_revision", modRevision)
            json.member("value", value)
            json.member("lease", lease)
            json.member("range_end", rangeEnd)
        }
    }

    enum CodingKeys: String, CodingKey {
        case result, target, key, version
        case createRevision = "create_revision"
        case modRevision = "mod_revision"
        case value, lease
        case rangeEnd = "range_end"
    }
}
