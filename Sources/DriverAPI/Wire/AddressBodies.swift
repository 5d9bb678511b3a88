import FaceKit
import NetworkModel

/// The body of `IpamDriver.RequestAddress` (libnetwork, ipams/remote/api).
struct RequestAddressBody: Decodable, Sendable {
    let id: PoolID
    let address: Blankable<IPAddress>?
    let options: [String: OptionText]?

    enum CodingKeys: String, CodingKey {
        case id = "PoolID"
        case address = "Address"
        case options = "Options"
    }

    private static let kindLabel = "RequestAddressType"
    private static let gatewayKind = "com.docker.network.gateway"
    private static let macLabel = "com.docker.network.endpoint.macaddress"
    private static let nameLabel = "com.docker.network.endpoint.name"

    func request() throws -> AddressRequest {
        if let address = address?.value, !id.pool.contains(address) {
            throw RequestFault(.invalid, "address \(address) is not in the pool \(id.pool)")
        }
        var options = (options ?? [:]).mapValues(\.text)
        let kind = options.removeValue(forKey: Self.kindLabel)
        let mac = options.removeValue(forKey: Self.macLabel) ?? ""
        let name = options.removeValue(forKey: Self.nameLabel) ?? ""
        return AddressRequest(
            pool: id, address: address?.value, isGateway: kind == Self.gatewayKind, mac: mac.isEmpty ? nil : try MACAddress(mac),
            endpointName: name.isEmpty ? nil : name, options: options)
    }
}

/// The answer to `IpamDriver.RequestAddress`: with the length of the whole pool, also when it came out of an IP range.
struct RequestAddressAnswer: Encodable, Sendable {
    let address: String
    let data: [String: String] = [:]

    enum CodingKeys: String, CodingKey {
        case address = "Address"
        case data = "Data"
    }

    init(_ address: IPAddress, of pool: PoolID) {
        self.address = InterfaceAddress(address, in: pool.pool).description
    }
}

/// The body of `IpamDriver.ReleaseAddress`.
struct ReleaseAddressBody: Decodable, Sendable {
    let id: PoolID
    let address: IPAddress

    enum CodingKeys: String, CodingKey {
        case id = "PoolID"
        case address = "Address"
    }
}
