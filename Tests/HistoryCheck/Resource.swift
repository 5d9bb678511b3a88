public import NetworkModel

/// Something that has one owner at most.
public enum Resource: Hashable, Sendable, CustomStringConvertible {
    case address(IPAddress, of: NetworkID)
    /// An endpoint's name, case folded.
    case name(String, of: NetworkID)
    case networkName(String)
    case vni(VNI)
    case pool(Subnet)

    /// Whether two owners cannot have the one and the other at once: pools must not even overlap.
    func clashes(with other: Resource) -> Bool {
        if case .pool(let pool) = self, case .pool(let second) = other { return pool.overlaps(second) }
        return self == other
    }

    public var description: String {
        switch self {
        case .address(let address, let network): "address \(address) of network \(network.short)"
        case .name(let name, let network): "name \(name) of network \(network.short)"
        case .networkName(let name): "network name \(name)"
        case .vni(let vni): "VNI \(vni)"
        case .pool(let pool): "pool \(pool)"
        }
    }
}

/// Who may own something. An id is never used again.
public enum Owner: Hashable, Sendable, CustomStringConvertible {
    case endpoint(EndpointID)
    case reservation(ReservationID)
    case network(NetworkID)

    public var description: String {
        switch self {
        case .endpoint(let id): "endpoint \(id.short)"
        case .reservation(let id): "reservation \(id.short)"
        case .network(let id): "network \(id.short)"
        }
    }
}

/// One life of a node's worker.
public struct NodeLife: Hashable, Sendable {
    public let node: NodeID
    public let epoch: Epoch

    public init(_ node: NodeID, _ epoch: Epoch) {
        self.node = node
        self.epoch = epoch
    }
}

/// What an owner has.
public struct Holding: Hashable, Sendable, CustomStringConvertible {
    public var resources: Set<Resource>
    public let network: NetworkID
    /// Whose it is; nil for a network, which is nobody's.
    public var life: NodeLife?

    public init(_ resources: Set<Resource>, network: NetworkID, life: NodeLife? = nil) {
        self.resources = resources
        self.network = network
        self.life = life
    }

    public var description: String { resources.map(\.description).sorted().joined(separator: ", ") }
}
