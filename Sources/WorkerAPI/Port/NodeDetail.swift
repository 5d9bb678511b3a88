public import NetworkModel

/// A node, alive or gone.
public struct NodeDetail: Hashable, Sendable {
    public var id: NodeID
    /// nil when its worker's lease has ended.
    public var record: NodeRecord?
    public var sandboxes: Int
    public var endpoints: Int

    public init(id: NodeID, record: NodeRecord?, sandboxes: Int = 0, endpoints: Int = 0) {
        self.id = id
        self.record = record
        self.sandboxes = sandboxes
        self.endpoints = endpoints
    }
}

/// How a daemon does, for `skein info` and for health checks.
public struct DaemonStatus: Hashable, Sendable {
    public enum Role: String, Codable, Hashable, Sendable {
        case controller
        case worker
    }

    public var role: Role
    /// The worker's node; nil for a controller, or before the worker has joined.
    public var node: NodeID?
    /// The cluster store's URL, without credentials.
    public var store: String
    /// Why the store cannot be used at the moment; nil when it answers.
    public var storeFault: String?
    /// Why the kernel is not as the plan says; nil when it is.
    public var dataplaneFault: String?

    public init(
        role: Role, node: NodeID? = nil, store: String, storeFault: String? = nil, dataplaneFault: String? = nil
    ) {
        self.role = role
        self.node = node
        self.store = store
        self.storeFault = storeFault
        self.dataplaneFault = dataplaneFault
    }

    public var isHealthy: Bool { storeFault == nil && dataplaneFault == nil }
}
