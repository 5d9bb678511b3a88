/// One attachment of a sandbox to a network, as the catalog keeps it at `endpoints/<network>/<endpoint>`.
public struct EndpointRecord: Codable, Hashable, Sendable, Identifiable {
    public let id: EndpointID
    public let network: NetworkID
    public var name: EndpointName
    /// Further names; several endpoints may share one.
    public var aliases: [EndpointName]
    /// At most one a family; empty on a network without address management.
    public var addresses: [IPAddress]
    public var mac: MACAddress
    public let node: NodeID
    /// The epoch of the node when it last wrote this record.
    public var epoch: Epoch
    /// The sandbox. That of a container engine's endpoint has the endpoint's own digits until the engine has told which container it is.
    public var sandbox: SandboxID
    /// Who looks after the sandbox, and with that who puts the interface into it.
    public var kind: SandboxRecord.Kind
    /// The interface's name in the sandbox, such as `eth0`: at most 15 bytes (IFNAMSIZ). Empty when somebody else names it.
    public var interface: String
    public var options: [String: String]
    /// Docker's `--link`: what this endpoint alone calls others of its network, in lower case, and their names.
    public var links: [String: EndpointName]

    public init(
        id: EndpointID, network: NetworkID, name: EndpointName, aliases: [EndpointName] = [], addresses: [IPAddress], mac: MACAddress,
        node: NodeID, epoch: Epoch, sandbox: SandboxID, kind: SandboxRecord.Kind = .native, interface: String,
        options: [String: String] = [:],
        links: [String: EndpointName] = [:]
    ) {
        self.id = id
        self.network = network
        self.name = name
        self.aliases = aliases
        self.addresses = addresses
        self.mac = mac
        self.node = node
        self.epoch = epoch
        self.sandbox = sandbox
        self.kind = kind
        self.interface = interface
        self.options = options
        self.links = links
    }

    public func address(_ family: IPFamily) -> IPAddress? {
        addresses.first { $0.family == family }
    }
}
