public import NetworkModel

/// A key with its value and history.
public struct EtcdKeyValue: Codable, Hashable, Sendable, EtcdReadable {
    @EtcdBytes public var key: [UInt8]
    /// The revision that created the key; 0 in the event of its deletion.
    @EtcdInteger public var createRevision: Int64
    /// The revision that last wrote it, or deleted it.
    @EtcdInteger public var modRevision: Int64
    /// How often the key was written since it was created.
    @EtcdInteger public var version: Int64
    @EtcdBytes public var value: [UInt8]
    /// The lease it was put under, or 0.
    @EtcdInteger public var lease: Int64

    public init(
        key: [UInt8], createRevision: Int64 = 0, modRevision: Int64 = 0, version: Int64 = 0, value: [UInt8] = [], lease: Int64 = 0
    ) {
        self.key = key
        self.createRevision = createRevision
        self.modRevision = modRevision
        self.version = version
        self.value = value
        self.lease = lease
    }

    public init(_ node: JSONNode) throws {
        var object = try node.object()
        self.init(
            key: try object.optional("key").bytes(), createRevision: try object.optional("create_revision").integer(),
            modRevision: try object.optional("mod_revision").integer(), version: try object.optional("version").integer(),
            value: try object.optional("value").bytes(), lease: try object.optional("lease").integer())
    }

    enum CodingKeys: String, CodingKey {
        case key
        case createRevision = "create_revision"
        case modRevision = "mod_revision"
        case version, value, lease
    }
}
