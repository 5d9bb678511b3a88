public import NetworkModel

/// A port of the host that leads to a container's: Docker's `-p` and `-P`.
public struct PublishedPortDetail: Hashable, Sendable {
    public var endpoint: EndpointRecord
    /// The name of the endpoint's network; nil if it is not known any longer.
    public var network: String?
    public var forwarding: PortForwarding

    public init(endpoint: EndpointRecord, network: String?, forwarding: PortForwarding) {
        self.endpoint = endpoint
        self.network = network
        self.forwarding = forwarding
    }
}

/// What stands behind `skein port`: a worker, since engines do not show what a plug-in publishes.
public protocol PublishedPortBackend: Sendable {
    /// Those of the host, by the name of what they lead to.
    func publishedPorts() async -> [PublishedPortDetail]
}
