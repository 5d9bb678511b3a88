/// Docker's address management of a network, asked for and shown.
public struct IPAMResource: Codable, Hashable, Sendable {
    public var driver: String?
    public var options: [String: String]?
    public var config: [IPAMConfigResource]?

    public init(driver: String? = nil, options: [String: String]? = nil, config: [IPAMConfigResource]? = nil) {
        self.driver = driver
        self.options = options
        self.config = config
    }

    enum CodingKeys: String, CodingKey {
        case driver = "Driver"
        case options = "Options"
        case config = "Config"
    }
}

/// One subnet in ``IPAMResource``. Fields that were not given are left out.
public struct IPAMConfigResource: Codable, Hashable, Sendable {
    public var subnet: String?
    public var ipRange: String?
    public var gateway: String?
    public var auxiliaryAddresses: [String: String]?

    public init(subnet: String? = nil, ipRange: String? = nil, gateway: String? = nil, auxiliaryAddresses: [String: String]? = nil) {
        self.subnet = subnet
        self.ipRange = ipRange
        self.gateway = gateway
        self.auxiliaryAddresses = auxiliaryAddresses
    }

    enum CodingKeys: String, CodingKey {
        case subnet = "Subnet"
        case ipRange = "IPRange"
        case gateway = "Gateway"
        case auxiliaryAddresses = "AuxiliaryAddresses"
    }
}
