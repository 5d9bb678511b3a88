public import NetworkModel

/// A container as an engine has it (Docker's `container inspect`).
public struct HostedContainer: Hashable, Sendable, Identifiable {
    /// 64 hexadecimal digits.
    public let id: String
    /// Without the slash that Docker puts before it.
    public var name: String
    public var isRunning: Bool
    public var created: Timestamp
    public var labels: [String: String]
    /// Whether the engine starts it by itself when it ends or the engine starts: Docker's restart policies.
    public var startsAgain: Bool
    public var attachments: [Attachment]

    /// A container's endpoint on one of the engine's networks.
    public struct Attachment: Hashable, Sendable {
        public var network: EngineNetworkID
        /// nil while the container does not run.
        public var endpoint: EndpointID?
        /// All names besides the container's own that the endpoint has on its network: Docker's `--network-alias`, the short id, the hostname.
        /// What is no name of DNS's is left out.
        public var aliases: [EndpointName]
        /// Docker's `--link`: what the container calls another, in lower case, and the name of that.
        public var links: [String: EndpointName]
        /// What the user chose, by Docker's `--ip`.
        public var chosen: [IPAddress]

        public init(
            network: EngineNetworkID, endpoint: EndpointID? = nil, aliases: [EndpointName] = [], links: [String: EndpointName] = [:],
            chosen: [IPAddress] = []
        ) {
            self.network = network
            self.endpoint = endpoint
            self.aliases = aliases
            self.links = links
            self.chosen = chosen
        }
    }

    public init(
        id: String, name: String, isRunning: Bool, created: Timestamp, labels: [String: String] = [:], startsAgain: Bool = false,
        attachments: [Attachment] = []
    ) {
        self.id = id
        self.name = name
        self.isRunning = isRunning
        self.created = created
        self.labels = labels
        self.startsAgain = startsAgain
        self.attachments = attachments
    }
}
