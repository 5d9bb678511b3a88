/// What endpoints are attached to, as the catalog keeps it at `sandboxes/<node>/<sandbox>`.
public struct SandboxRecord: Codable, Hashable, Sendable, Identifiable {
    public let id: SandboxID
    public var name: EndpointName
    public let node: NodeID
    public var kind: Kind
    /// What its runtime calls it: a container id, or nil for a native one.
    public var runtimeID: String?
    public var created: Timestamp
    public var labels: [String: String]

    public enum Kind: String, Codable, Hashable, Sendable {
        /// A namespace that Skein made, `/run/netns/sk-<name>`.
        case native
        /// A Docker engine's container.
        case engine
        /// A container of a CNI runtime.
        case cni
        case unknown

        public init(from decoder: any Decoder) throws {
            self.init(lenient: try decoder.singleValueContainer().decode(String.self))
        }

        init(lenient text: String) {
            self = Kind(rawValue: text) ?? .unknown
        }
    }

    public init(
        id: SandboxID, name: EndpointName, node: NodeID, kind: Kind = .native, runtimeID: String? = nil, created: Timestamp,
        labels: [String: String] = [:]
    ) {
        self.id = id
        self.name = name
        self.node = node
        self.kind = kind
        self.runtimeID = runtimeID
        self.created = created
        self.labels = labels
    }
}
