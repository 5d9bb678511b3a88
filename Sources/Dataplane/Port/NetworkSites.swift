public import KernelNetwork
public import NetworkModel

/// What else lives in a network's namespace: the worker's DNS sockets.
public protocol NetworkSites: Sendable {
    /// The namespace is there and has the gateway addresses: called before anybody waiting for an endpoint of the network goes on, and
    /// again when the addresses or the namespace changed. To throw keeps the network due: it is called again.
    func networkIsReady(_ network: NetworkID, in namespace: KernelNamespace, gateways: [IPAddress]) async throws

    /// The namespace is about to go; also called for one that was never ready.
    func networkGoes(_ network: NetworkID) async
}
