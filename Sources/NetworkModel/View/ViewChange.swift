/// One record of the catalog as a node sees it, or nil when it is gone.
///
/// The mirror turns what the store tells into these; plans and names are computed from them alone. Records arrive in any order: an
/// endpoint may be known before its node or its network is.
public enum ViewChange: Hashable, Sendable {
    // A change of an endpoint, of which there may be tens of thousands at once, must not have room for what is larger.
    indirect case node(NodeID, NodeRecord?)
    indirect case network(NetworkID, NetworkRecord?)
    case endpoint(NetworkID, EndpointID, EndpointRecord?)
    /// A sandbox of this node.
    indirect case sandbox(SandboxID, SandboxRecord?)
}
