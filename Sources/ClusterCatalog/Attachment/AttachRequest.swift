public import NetworkModel

/// An attachment that a node asks for.
public struct AttachRequest: Hashable, Sendable {
    /// The new endpoint: an attach that is repeated with the same id is carried out once.
    public var endpoint: EndpointID
    public var sandbox: SandboxID
    public var name: EndpointName
    /// The interface's name in the sandbox.
    public var interface: String
    /// Addresses, aliases, MAC and options that the user chose.
    public var attachment: AttachmentOptions

    public init(
        endpoint: EndpointID, sandbox: SandboxID, name: EndpointName, interface: String, attachment: AttachmentOptions = AttachmentOptions()
    ) {
        self.endpoint = endpoint
        self.sandbox = sandbox
        self.name = name
        self.interface = interface
        self.attachment = attachment
    }
}

/// The addresses of a network that are taken, as far as the caller knows from its mirror.
///
/// Knowing too little costs a lost race, knowing too much an address that is not the lowest: neither is wrong, since the store decides.
public struct KnownAddresses: Sendable {
    let isTaken: @Sendable (IPAddress) -> Bool

    public init(_ isTaken: @escaping @Sendable (IPAddress) -> Bool) {
        self.isTaken = isTaken
    }

    public init(_ taken: Set<IPAddress>) {
        self.isTaken = { taken.contains($0) }
    }
}
