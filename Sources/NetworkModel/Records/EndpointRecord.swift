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
    public let sandbox: SandboxID
    /// The interface's name in the sandbox, such as `eth0`: at most 15 bytes (IFNAMSIZ).
    public var interface: String
    public var options: [String: String]

    public init(
        id: EndpointID, network: NetworkID, name: EndpointName, aliases: [EndpointName] = [], addresses: [IPAddress], mac: MACAddress,
        node: NodeID, epoch: Epoch, sandbox: SandboxID, interface: String, options: [String: String] = [:]
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
        self.interface = interface
        self.options = options
    }

    public func address(_ family: IPFamily) -> IPAddress? {
        addresses.first { $0.family == family }
    }
}
