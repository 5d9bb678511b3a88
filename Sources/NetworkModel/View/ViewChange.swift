/// One record of the catalog as a node sees it, or nil when it is gone.
///
/// The mirror turns what the store tells into these; plans and names are computed from them alone. Records arrive in any order: an
/// endpoint may be known before its node or its network is.
public enum ViewChange: Hashable, Sendable {
    case node(NodeID, NodeRecord?)
    case network(NetworkID, NetworkRecord?)
    case endpoint(NetworkID, EndpointID, EndpointRecord?)
    /// A sandbox of this node.
    case sandbox(SandboxID, SandboxRecord?)
}
