public import NetworkModel

/// A pool that an engine wants for a network.
public struct PoolRequest: Hashable, Sendable {
    public var family: IPFamily
    /// The user's `--subnet`, or nil: then it is the driver's to choose.
    public var pool: Subnet?
    /// The user's `--ip-range`, only together with a pool. Whether it lies inside is not checked yet.
    public var subPool: Subnet?
    /// The user's `--ipam-opt`.
    public var options: [String: String]

    public init(family: IPFamily, pool: Subnet? = nil, subPool: Subnet? = nil, options: [String: String] = [:]) {
        self.family = family
        self.pool = pool
        self.subPool = subPool
        self.options = options
    }
}

/// A pool that an engine gets.
public struct GrantedPool: Hashable, Sendable {
    public var id: PoolID
    /// The gateway, when it is the driver's to choose; with nil the engine requests an address for it, which its user may have given.
    public var gateway: IPAddress?

    public init(_ id: PoolID, gateway: IPAddress? = nil) {
        self.id = id
        self.gateway = gateway
    }
}

/// An address that an engine wants from a pool.
public struct AddressRequest: Hashable, Sendable {
    public var pool: PoolID
    /// The user's `--ip`, `--gateway` or `--aux-address`, inside the pool; nil: then it is the driver's to choose.
    public var address: IPAddress?
    /// Whether it is for the network's gateway. Engines do not tell an endpoint's address from an auxiliary one.
    public var isGateway: Bool
    /// The endpoint's, where it is known before its address.
    public var mac: MACAddress?
    /// The name of the endpoint's container; engines before 29 do not tell it.
    public var endpointName: String?
    /// The rest: `docker network connect --driver-opt`, and `--ipam-opt`.
    public var options: [String: String]

    public init(
        pool: PoolID, address: IPAddress? = nil, isGateway: Bool = false, mac: MACAddress? = nil, endpointName: String? = nil,
        options: [String: String] = [:]
    ) {
        self.pool = pool
        self.address = address
        self.isGateway = isGateway
        self.mac = mac
        self.endpointName = endpointName
        self.options = options
    }
}
