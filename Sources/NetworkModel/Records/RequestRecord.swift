/// What one node is asked to do by another part of the cluster, as the catalog keeps it at `requests/<node>/<request>`.
///
/// The asker writes it with ``State/pending``; the node claims it by compare-and-swap before it acts, so that it is carried out at
/// most once, and writes the answer in its place. The asker removes it after it has read the answer or given up.
public struct RequestRecord: Codable, Hashable, Sendable, Identifiable {
    public let id: RequestID
    public let node: NodeID
    public var verb: Verb
    public var sandbox: SandboxID
    public var network: NetworkID
    public var attachment: AttachmentOptions
    /// Disconnect also when the sandbox is not running.
    public var isForced: Bool
    /// How long the asker waits from its own write, in seconds.
    public var deadlineSeconds: Int
    public var state: State

    public enum Verb: String, Codable, Hashable, Sendable {
        case connect
        case disconnect
        case unknown

        public init(from decoder: any Decoder) throws {
            let text = try decoder.singleValueContainer().decode(String.self)
            self = Verb(rawValue: text) ?? .unknown
        }
    }

    public enum State: Codable, Hashable, Sendable {
        case pending
        case claimed
        case done(EndpointID?)
        case failed(FaultKind, String)
    }

    public init(
        id: RequestID, node: NodeID, verb: Verb, sandbox: SandboxID, network: NetworkID,
        attachment: AttachmentOptions = AttachmentOptions(),
        isForced: Bool = false, deadlineSeconds: Int, state: State = .pending
    ) {
        self.id = id
        self.node = node
        self.verb = verb
        self.sandbox = sandbox
        self.network = network
        self.attachment = attachment
        self.isForced = isForced
        self.deadlineSeconds = deadlineSeconds
        self.state = state
    }
}

/// What a user may ask of one attachment: Docker's `EndpointSettings`.
public struct AttachmentOptions: Codable, Hashable, Sendable {
    /// Docker's `--ip` and `--ip6`.
    public var addresses: [IPAddress]
    public var aliases: [EndpointName]
    public var mac: MACAddress?
    public var options: [String: String]

    public init(addresses: [IPAddress] = [], aliases: [EndpointName] = [], mac: MACAddress? = nil, options: [String: String] = [:]) {
        self.addresses = addresses
        self.aliases = aliases
        self.mac = mac
        self.options = options
    }
}
