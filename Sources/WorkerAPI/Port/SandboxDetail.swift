public import NetworkModel

/// A sandbox that a client asks for.
public struct SandboxCreation: Hashable, Sendable {
    /// One network to attach it to.
    public struct Attachment: Hashable, Sendable {
        /// Name, id or prefix of an id.
        public var network: String
        public var options: AttachmentOptions

        public init(network: String, options: AttachmentOptions = AttachmentOptions()) {
            self.network = network
            self.options = options
        }
    }

    public var name: EndpointName
    public var labels: [String: String]
    public var attachments: [Attachment]

    public init(name: EndpointName, labels: [String: String] = [:], attachments: [Attachment] = []) {
        self.name = name
        self.labels = labels
        self.attachments = attachments
    }
}

/// A sandbox with its endpoints.
public struct SandboxDetail: Hashable, Sendable {
    /// One endpoint, and the network it is on.
    public struct Attachment: Hashable, Sendable {
        public var endpoint: EndpointRecord
        public var network: NetworkRecord

        public init(endpoint: EndpointRecord, network: NetworkRecord) {
            self.endpoint = endpoint
            self.network = network
        }
    }

    public var sandbox: SandboxRecord
    /// The sandbox's host; nil when its worker's lease has ended.
    public var node: NodeRecord?
    /// In the order of their interfaces.
    public var attachments: [Attachment]
    /// Such as `/run/netns/sk-demo1`; nil when asked on another host.
    public var namespacePath: String?
    /// Such as `/etc/netns/sk-demo1/resolv.conf`; nil when asked on another host.
    public var resolvConfPath: String?

    public init(
        sandbox: SandboxRecord, node: NodeRecord?, attachments: [Attachment] = [], namespacePath: String? = nil,
        resolvConfPath: String? = nil
    ) {
        self.sandbox = sandbox
        self.node = node
        self.attachments = attachments
        self.namespacePath = namespacePath
        self.resolvConfPath = resolvConfPath
    }
}
