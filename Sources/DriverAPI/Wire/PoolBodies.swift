import FaceKit
import NetworkModel

/// The body of `IpamDriver.RequestPool` (libnetwork, ipams/remote/api).
struct RequestPoolBody: Decodable, Sendable {
    let addressSpace: String
    let pool: Blankable<Subnet>?
    let subPool: Blankable<Subnet>?
    let options: [String: OptionText]?
    let isIPv6: Bool?

    enum CodingKeys: String, CodingKey {
        case addressSpace = "AddressSpace"
        case pool = "Pool"
        case subPool = "SubPool"
        case options = "Options"
        case isIPv6 = "V6"
    }

    func request() throws(RequestFault) -> PoolRequest {
        guard addressSpace == AddressSpace.name else {
            throw RequestFault(.notFound, "address space \"\(addressSpace)\" is not ours: it must be \"\(AddressSpace.name)\"")
        }
        let family: IPFamily = isIPv6 == true ? .v6 : .v4
        for subnet in [pool?.value, subPool?.value].compactMap({ $0 }) where subnet.family != family {
            throw RequestFault(.invalid, "\(subnet) is not an IP\(family) subnet, which was asked for")
        }
        if let subPool = subPool?.value, pool?.value == nil {
            throw RequestFault(.invalid, "ip-range \(subPool) has no subnet: give the subnet that it is a part of")
        }
        return PoolRequest(
            family: family, pool: pool?.value, subPool: subPool?.value, options: (options ?? [:]).mapValues(\.text))
    }
}

/// The answer to `IpamDriver.RequestPool`.
struct RequestPoolAnswer: Encodable, Sendable {
    let id: String
    let pool: String
    let data: [String: String]

    enum CodingKeys: String, CodingKey {
        case id = "PoolID"
        case pool = "Pool"
        case data = "Data"
    }

    init(_ granted: GrantedPool) {
        id = granted.id.description
        pool = granted.id.pool.description
        data = granted.gateway.map { ["com.docker.network.gateway": InterfaceAddress($0, in: granted.id.pool).description] } ?? [:]
    }
}

/// The body of `IpamDriver.ReleasePool`.
struct PoolBody: Decodable, Sendable {
    let id: PoolID

    enum CodingKeys: String, CodingKey { case id = "PoolID" }
}
