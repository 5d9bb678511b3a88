public import ClusterStore
public import NetworkModel

/// An attachment that a node asks for.
public struct AttachRequest: Hashable, Sendable {
    /// The new endpoint: an attach that is repeated with the same id is carried out once.
    public var endpoint: EndpointID
    public var sandbox: SandboxID
    /// Who looks after the sandbox. A container engine's endpoint takes over the addresses that this node has reserved for it.
    public var kind: SandboxRecord.Kind
    public var name: EndpointName
    /// The interface's name in the sandbox; empty when somebody else names it.
    public var interface: String
    /// Addresses, aliases, MAC and options that the user chose.
    public var attachment: AttachmentOptions
    /// Those of the addresses that were reserved, with the revisions that the reservations were told with. One that is left out
    /// costs another round.
    public var reservations: [IPAddress: StoreRevision]

    public init(
        endpoint: EndpointID, sandbox: SandboxID, kind: SandboxRecord.Kind = .native, name: EndpointName, interface: String,
        attachment: AttachmentOptions = AttachmentOptions(), reservations: [IPAddress: StoreRevision] = [:]
    ) {
        self.endpoint = endpoint
        self.sandbox = sandbox
        self.kind = kind
        self.name = name
        self.interface = interface
        self.attachment = attachment
        self.reservations = reservations
    }
}
