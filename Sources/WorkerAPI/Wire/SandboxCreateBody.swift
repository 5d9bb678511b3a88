import FaceKit
import NetworkModel

/// The body of `POST /skein/v1/sandboxes`. Absent fields and `null` are the same.
public struct SandboxCreateBody: Codable, Hashable, Sendable {
    /// One network to attach the sandbox to.
    public struct Network: Codable, Hashable, Sendable {
        /// Name, id or prefix of an id.
        public var network: String?
        /// At most one a family.
        public var addresses: [String]?
        public var aliases: [String]?
        public var macAddress: String?
        /// None is honoured yet: any is refused by name.
        public var driverOptions: [String: String]?

        public init(
            network: String, addresses: [String]? = nil, aliases: [String]? = nil, macAddress: String? = nil,
            driverOptions: [String: String]? = nil
        ) {
            self.network = network
            self.addresses = addresses
            self.aliases = aliases
            self.macAddress = macAddress
            self.driverOptions = driverOptions
        }

        enum CodingKeys: String, CodingKey {
            case network = "Network"
            case addresses = "Addresses"
            case aliases = "Aliases"
            case macAddress = "MacAddress"
            case driverOptions = "DriverOpts"
        }
    }

    public var name: String?
    public var labels: [String: String]?
    /// Attached in this order, as `eth0`, `eth1` …
    public var networks: [Network]?

    public init(name: String, labels: [String: String]? = nil, networks: [Network]? = nil) {
        self.name = name
        self.labels = labels
        self.networks = networks
    }

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case labels = "Labels"
        case networks = "Networks"
    }
}

extension SandboxCreateBody {
    /// The request in the model's terms.
    func creation() throws -> SandboxCreation {
        guard let name, !name.isEmpty else { throw RequestFault(.invalid, "invalid name: name is empty") }
        return SandboxCreation(
            name: try EndpointName(name), labels: labels ?? [:], attachments: try (networks ?? []).map { try $0.attachment() })
    }
}

extension SandboxCreateBody.Network {
    fileprivate func attachment() throws -> SandboxCreation.Attachment {
        guard let network, !network.isEmpty else { throw RequestFault(.invalid, "invalid network name: name is empty") }
        if let option = driverOptions?.keys.min() {
            throw RequestFault(.unsupported, "endpoint option \"\(option)\" is not supported")
        }
        let options = AttachmentOptions(
            addresses: try checkedAddresses(), aliases: try (aliases ?? []).map { try EndpointName($0) }, mac: try checkedMAC())
        return SandboxCreation.Attachment(network: network, options: options)
    }

    private func checkedAddresses() throws -> [IPAddress] {
        let addresses = try (addresses ?? []).map { try IPAddress($0) }
        for family in IPFamily.allCases where addresses.filter({ $0.family == family }).count > 1 {
            throw RequestFault(.invalid, "several IP\(family) addresses for network \(network ?? ""): an endpoint has one a family")
        }
        return addresses
    }

    private func checkedMAC() throws -> MACAddress? {
        guard let macAddress, !macAddress.isEmpty else { return nil }
        let mac = try MACAddress(macAddress)
        guard !mac.isMulticast, mac.bits != 0 else {
            throw RequestFault(.invalid, "invalid MAC address \(macAddress): it is not a unicast address")
        }
        return mac
    }
}
