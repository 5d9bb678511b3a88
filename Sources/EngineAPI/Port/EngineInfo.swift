public import NetworkModel

/// Which daemon answers, and on what host.
public struct EngineIdentity: Hashable, Sendable {
    public enum Role: String, Hashable, Sendable {
        case controller
        case worker
    }

    public var role: Role
    /// The node's id for a worker; for a controller any id that stays while it runs.
    public var id: String
    public var hostname: String
    /// The kernel's release, such as `6.1.0-18-amd64`.
    public var kernelVersion: String
    /// For people, such as `Debian GNU/Linux 12 (bookworm)`.
    public var operatingSystem: String
    /// As `uname -m` says it, such as `x86_64`.
    public var architecture: String
    public var processors: Int
    /// In bytes.
    public var memory: Int64

    public init(
        role: Role, id: String, hostname: String, kernelVersion: String, operatingSystem: String, architecture: String, processors: Int,
        memory: Int64
    ) {
        self.role = role
        self.id = id
        self.hostname = hostname
        self.kernelVersion = kernelVersion
        self.operatingSystem = operatingSystem
        self.architecture = architecture
        self.processors = processors
        self.memory = memory
    }
}

/// Docker's `GET /info`.
public struct EngineInfo: Hashable, Sendable {
    /// One node, alive or not.
    public struct Node: Hashable, Sendable {
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

    /// The cluster store's URL, without credentials.
    public var store: String
    /// Docker's `--cluster-advertise`; empty for a controller.
    public var advertise: String
    public var nodes: [Node]
    public var time: Timestamp
    /// Sentences for the user, such as that the store does not answer.
    public var warnings: [String]

    public init(store: String, advertise: String = "", nodes: [Node] = [], time: Timestamp, warnings: [String] = []) {
        self.store = store
        self.advertise = advertise
        self.nodes = nodes
        self.time = time
        self.warnings = warnings
    }
}
