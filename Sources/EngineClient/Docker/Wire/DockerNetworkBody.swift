import NetworkModel

/// Docker's `NetworkResource`, as far as it is needed.
struct DockerNetworkBody: Decodable {
    /// nil for a network without an id of ours' form or without a name: Swarm's have other ids.
    let network: HostedNetwork?

    private enum Key: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case driver = "Driver"
        case addressManagement = "IPAM"
        case options = "Options"
        case labels = "Labels"
        case isInternal = "Internal"
        case isAttachable = "Attachable"
        case isIPv6Enabled = "EnableIPv6"
        case endpoints = "Containers"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let endpoints: [String: Lenient<Endpoint>] = container.lenient(.endpoints) ?? [:]
        guard let id = (container.lenient(.id) as String?).flatMap({ try? EngineNetworkID($0) }),
            let name: String = container.lenient(.name), let driver: String = container.lenient(.driver)
        else {
            network = nil
            return
        }
        let addressManagement: AddressManagement? = container.lenient(.addressManagement)
        network = HostedNetwork(
            id: id,
            spec: HostedNetworkSpec(
                name: name, driver: driver, ipamDriver: addressManagement?.driver ?? "default",
                ipamOptions: addressManagement?.options ?? [:], subnets: addressManagement?.subnets ?? [],
                options: container.texts(.options), labels: container.texts(.labels), isInternal: container.flag(.isInternal),
                isIPv6Enabled: container.flag(.isIPv6Enabled), isAttachable: container.flag(.isAttachable)),
            endpoints: Set(endpoints.values.compactMap { $0.value?.id.flatMap { try? EndpointID($0) } }))
    }

    private struct Endpoint: Decodable {
        let id: String?

        private enum Key: String, CodingKey { case id = "EndpointID" }

        init(from decoder: any Decoder) throws {
            id = try decoder.container(keyedBy: Key.self).lenient(.id)
        }
    }

    private struct AddressManagement: Decodable {
        let driver: String?
        let options: [String: String]
        let subnets: [HostedSubnet]

        private enum Key: String, CodingKey {
            case driver = "Driver"
            case options = "Options"
            case subnets = "Config"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            driver = container.lenient(.driver)
            options = container.texts(.options)
            subnets = (container.list(.subnets) as [DockerSubnetBody]).compactMap(\.subnet)
        }
    }
}

/// An entry of Docker's `IPAM.Config`.
private struct DockerSubnetBody: Decodable {
    let subnet: HostedSubnet?

    private enum Key: String, CodingKey {
        case pool = "Subnet"
        case subPool = "IPRange"
        case gateway = "Gateway"
        case auxiliary = "AuxiliaryAddresses"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        // Old engines let host bits pass (`10.77.0.5/16`), and take addresses with a prefix length.
        guard let pool = (container.lenient(.pool) as String?).flatMap(Self.subnet) else {
            subnet = nil
            return
        }
        subnet = HostedSubnet(
            pool: pool, subPool: (container.lenient(.subPool) as String?).flatMap(Self.subnet),
            gateway: (container.lenient(.gateway) as String?).flatMap(Self.address),
            auxiliary: container.texts(.auxiliary).compactMapValues(Self.address))
    }

    private static func subnet(_ text: String) -> Subnet? {
        guard let address = try? InterfaceAddress(text) else { return nil }
        return Subnet(containing: address.address, prefixLength: address.prefixLength)
    }

    private static func address(_ text: String) -> IPAddress? {
        try? IPAddress(String(text.prefix { $0 != "/" }))
    }
}

/// The body of `POST /networks/create`.
struct DockerNetworkCreateBody: Encodable {
    private let name: String
    private let driver: String
    private let addressManagement: AddressManagement
    private let options: [String: String]
    private let labels: [String: String]
    private let isInternal: Bool
    private let isAttachable: Bool
    private let isIPv6Enabled: Bool
    /// Engines before API 1.44 make a second network of a name otherwise.
    private let refusesDuplicate = true

    private enum CodingKeys: String, CodingKey {
        case name = "Name"
        case driver = "Driver"
        case addressManagement = "IPAM"
        case options = "Options"
        case labels = "Labels"
        case isInternal = "Internal"
        case isAttachable = "Attachable"
        case isIPv6Enabled = "EnableIPv6"
        case refusesDuplicate = "CheckDuplicate"
    }

    init(_ network: HostedNetworkSpec) {
        name = network.name
        driver = network.driver
        addressManagement = AddressManagement(
            driver: network.ipamDriver, options: network.ipamOptions, subnets: network.subnets.map(SubnetBody.init))
        options = network.options
        labels = network.labels
        isInternal = network.isInternal
        isAttachable = network.isAttachable
        isIPv6Enabled = network.isIPv6Enabled
    }

    private struct AddressManagement: Encodable {
        let driver: String
        let options: [String: String]
        let subnets: [SubnetBody]

        enum CodingKeys: String, CodingKey {
            case driver = "Driver"
            case options = "Options"
            case subnets = "Config"
        }
    }

    private struct SubnetBody: Encodable {
        let pool: String
        let subPool: String?
        let gateway: String?
        let auxiliary: [String: String]?

        enum CodingKeys: String, CodingKey {
            case pool = "Subnet"
            case subPool = "IPRange"
            case gateway = "Gateway"
            case auxiliary = "AuxiliaryAddresses"
        }

        init(_ subnet: HostedSubnet) {
            pool = subnet.pool.description
            subPool = subnet.subPool?.description
            gateway = subnet.gateway?.description
            auxiliary = subnet.auxiliary.isEmpty ? nil : subnet.auxiliary.mapValues(\.description)
        }
    }
}

/// The answer to it.
struct DockerCreatedBody: Decodable {
    let id: EngineNetworkID?

    private enum Key: String, CodingKey { case id = "Id" }

    init(from decoder: any Decoder) throws {
        id = (try decoder.container(keyedBy: Key.self).lenient(.id) as String?).flatMap { try? EngineNetworkID($0) }
    }
}
