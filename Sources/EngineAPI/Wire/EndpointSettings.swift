/// Docker's `EndpointConfig`: what a client may ask of one attachment.
public struct EndpointSettings: Codable, Hashable, Sendable {
    /// The addresses asked for.
    public struct Addresses: Codable, Hashable, Sendable {
        public var ipv4Address: String?
        public var ipv6Address: String?
        public var linkLocalIPs: [String]?

        public init(ipv4Address: String? = nil, ipv6Address: String? = nil, linkLocalIPs: [String]? = nil) {
            self.ipv4Address = ipv4Address
            self.ipv6Address = ipv6Address
            self.linkLocalIPs = linkLocalIPs
        }

        enum CodingKeys: String, CodingKey {
            case ipv4Address = "IPv4Address"
            case ipv6Address = "IPv6Address"
            case linkLocalIPs = "LinkLocalIPs"
        }
    }

    public var addresses: Addresses?
    public var links: [String]?
    public var aliases: [String]?
    public var macAddress: String?
    public var driverOptions: [String: String]?
    public var gatewayPriority: Int?

    public init() {}

    enum CodingKeys: String, CodingKey {
        case addresses = "IPAMConfig"
        case links = "Links"
        case aliases = "Aliases"
        case macAddress = "MacAddress"
        case driverOptions = "DriverOpts"
        case gatewayPriority = "GwPriority"
    }
}
