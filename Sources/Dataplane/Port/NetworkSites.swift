public import KernelNetwork
public import NetworkModel

/// What else lives in a network's namespace, and in the host's: the worker's DNS sockets.
public protocol NetworkSites: Sendable {
    /// The namespace is there and its bridge has the addresses: called before anybody waiting for an endpoint of the network goes on, and
    /// again when the addresses or the namespace changed. To throw keeps the network due: it is called again.
    func networkIsReady(_ network: NetworkID, in namespace: KernelNamespace, at addresses: [IPAddress]) async throws

    /// The namespace is about to go; also called for one that was never ready.
    func networkGoes(_ network: NetworkID) async

    /// The host has the name service's address. To throw keeps it due: it is called again.
    func hostIsReady(at address: IPAddress) async throws
}
