public import ClusterStore
public import NetworkModel

/// Where each record is: the layout of the catalog below the store's root.
///
/// The properties are prefixes, to list or to watch; the functions give the key of one record.
public enum CatalogKeys {
    /// The schema's version.
    public static let format = StoreKey("format")

    public static let nodes = StoreKey("nodes").children
    public static let networks = StoreKey("networks").children
    public static let networkNames = StoreKey("network-names").children
    public static let vnis = StoreKey("vnis").children
    public static let pools = StoreKey("pools").children
    public static let addresses = StoreKey("addresses").children
    public static let endpoints = StoreKey("endpoints").children
    public static let names = StoreKey("names").children
    public static let nodeEndpoints = StoreKey("node-endpoints").children
    public static let sandboxes = StoreKey("sandboxes").children
    public static let requests = StoreKey("requests").children

    public static func node(_ id: NodeID) -> StoreKey { StoreKey("nodes", id.rawValue) }
    public static func network(_ id: NetworkID) -> StoreKey { StoreKey("networks", id.rawValue) }
    public static func networkName(_ name: String) -> StoreKey { StoreKey("network-names", name) }
    public static func vni(_ vni: VNI) -> StoreKey { StoreKey("vnis", String(vni.rawValue)) }

    /// The generation of a space's pools: compared and raised by whoever adds one. Also the prefix of everything about the space.
    public static func poolGeneration(_ space: NetworkScope) -> StoreKey { StoreKey("pools", space.rawValue) }
    public static func pools(_ space: NetworkScope) -> StoreKey { poolGeneration(space).children }
    public static func pool(_ pool: Subnet, in space: NetworkScope) -> StoreKey { StoreKey("pools", space.rawValue, pool.description) }

    public static func addresses(of network: NetworkID) -> StoreKey { StoreKey("addresses", network.rawValue).children }
    public static func address(_ address: IPAddress, of network: NetworkID) -> StoreKey {
        StoreKey("addresses", network.rawValue, address.description)
    }

    public static func endpoints(of network: NetworkID) -> StoreKey { StoreKey("endpoints", network.rawValue).children }
    public static func endpoint(_ id: EndpointID, of network: NetworkID) -> StoreKey {
        StoreKey("endpoints", network.rawValue, id.rawValue)
    }

    public static func names(of network: NetworkID) -> StoreKey { StoreKey("names", network.rawValue).children }
    /// Case is folded: `Web` and `web` are one name (lesson 29).
    public static func name(_ name: EndpointName, of network: NetworkID) -> StoreKey { StoreKey("names", network.rawValue, name.folded) }

    public static func nodeEndpoints(_ node: NodeID) -> StoreKey { StoreKey("node-endpoints", node.rawValue).children }
    public static func nodeEndpoint(_ id: EndpointID, on node: NodeID) -> StoreKey {
        StoreKey("node-endpoints", node.rawValue, id.rawValue)
    }

    public static func sandboxes(on node: NodeID) -> StoreKey { StoreKey("sandboxes", node.rawValue).children }
    public static func sandbox(_ id: SandboxID, on node: NodeID) -> StoreKey { StoreKey("sandboxes", node.rawValue, id.rawValue) }

    public static func requests(for node: NodeID) -> StoreKey { StoreKey("requests", node.rawValue).children }
    public static func request(_ id: RequestID, for node: NodeID) -> StoreKey { StoreKey("requests", node.rawValue, id.rawValue) }
}
