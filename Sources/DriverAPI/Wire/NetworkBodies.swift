import FaceKit
import NetworkModel

/// The body of `NetworkDriver.CreateNetwork` (libnetwork, drivers/remote/api).
struct CreateNetworkBody: Decodable, Sendable {
    let networkID: EngineNetworkID
    let options: NetworkOptions?
    let ipv4Data: [PoolData]?
    let ipv6Data: [PoolData]?

    enum CodingKeys: String, CodingKey {
        case networkID = "NetworkID"
        case options = "Options"
        case ipv4Data = "IPv4Data"
        case ipv6Data = "IPv6Data"
    }

    var network: EngineNetwork {
        EngineNetwork(
            id: networkID, subnets: ((ipv4Data ?? []) + (ipv6Data ?? [])).compactMap(\.subnet), options: options?.generic ?? [:],
            isInternal: options?.isInternal ?? false, isIPv6Enabled: options?.isIPv6Enabled ?? false)
    }
}

/// The body of `NetworkDriver.DeleteNetwork`.
struct NetworkBody: Decodable, Sendable {
    let networkID: EngineNetworkID

    enum CodingKeys: String, CodingKey { case networkID = "NetworkID" }
}

/// A pool with what is reserved in it (libnetwork, driverapi.IPAMData). Addresses carry the pool's length.
struct PoolData: Decodable, Sendable {
    let pool: Blankable<Subnet>?
    let gateway: Blankable<InterfaceAddress>?
    let auxiliary: [String: InterfaceAddress]?

    enum CodingKeys: String, CodingKey {
        case pool = "Pool"
        case gateway = "Gateway"
        case auxiliary = "AuxAddresses"
    }

    /// The IPAM driver `null` writes a pool of length 0 for none.
    var subnet: SubnetRecord? {
        guard let pool = pool?.value, pool.prefixLength > 0 else { return nil }
        return SubnetRecord(
            pool: pool, gateway: gateway?.value?.address, auxiliary: (auxiliary ?? [:]).mapValues(\.address))
    }
}

/// The options of a network by their labels (libnetwork, netlabel): what is not known is passed over.
struct NetworkOptions: Decodable, Sendable {
    let generic: [String: String]
    let isInternal: Bool
    let isIPv6Enabled: Bool

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: OptionKey.self)
        func flag(_ label: String) throws -> Bool {
            try container.decodeIfPresent(OptionText.self, forKey: OptionKey(label))?.text == "true"
        }
        let given = try container.decodeIfPresent([String: OptionText].self, forKey: OptionKey("com.docker.network.generic"))
        generic = (given ?? [:]).mapValues(\.text)
        isInternal = try flag("com.docker.network.internal")
        isIPv6Enabled = try flag("com.docker.network.enable_ipv6")
    }
}
