import FaceKit
import NetworkModel

/// The body of `NetworkDriver.Join`.
struct JoinBody: Decodable, Sendable {
    let target: EndpointBody
    let sandboxKey: String
    let options: EndpointOptionsBody?

    enum CodingKeys: String, CodingKey {
        case sandboxKey = "SandboxKey"
        case options = "Options"
    }

    init(from decoder: any Decoder) throws {
        target = try EndpointBody(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        sandboxKey = try container.decode(String.self, forKey: .sandboxKey)
        options = try container.decodeIfPresent(EndpointOptionsBody.self, forKey: .options)
    }

    func joining() throws(RequestFault) -> SandboxJoining {
        guard !sandboxKey.isEmpty else {
            throw RequestFault(.invalid, "endpoint \(target.endpointID.short) cannot join: field SandboxKey names no namespace")
        }
        return SandboxJoining(
            endpoint: target.reference, sandboxPath: sandboxKey, options: try options?.options() ?? EndpointOptions())
    }
}

/// The answer to `NetworkDriver.Join`.
struct JoinAnswer: Encodable, Sendable {
    struct InterfaceName: Encodable, Sendable {
        let source: String
        let prefix: String

        enum CodingKeys: String, CodingKey {
            case source = "SrcName"
            case prefix = "DstPrefix"
        }
    }

    struct StaticRoute: Encodable, Sendable {
        let destination: String
        /// 0 for a route by a next hop, 1 for a connected one (libnetwork, types.StaticRoute).
        let kind: Int
        let nextHop: String

        enum CodingKeys: String, CodingKey {
            case destination = "Destination"
            case kind = "RouteType"
            case nextHop = "NextHop"
        }
    }

    let interfaceName: InterfaceName
    let gateway: String
    let gatewayIPv6: String
    let staticRoutes: [StaticRoute]
    /// The engine would add its `docker_gwbridge` to a sandbox without a gateway: a network's own gateway leads outside, and an
    /// internal network has no way out at all.
    let isGatewayServiceDisabled = true

    enum CodingKeys: String, CodingKey {
        case interfaceName = "InterfaceName"
        case gateway = "Gateway"
        case gatewayIPv6 = "GatewayIPv6"
        case staticRoutes = "StaticRoutes"
        case isGatewayServiceDisabled = "DisableGatewayService"
    }

    init(_ interface: JoinedInterface) {
        func gateway(_ family: IPFamily) -> String { interface.gateways.first { $0.family == family }?.description ?? "" }
        interfaceName = InterfaceName(source: interface.device, prefix: interface.namePrefix)
        (self.gateway, gatewayIPv6) = (gateway(.v4), gateway(.v6))
        staticRoutes = interface.routes.map { route in
            StaticRoute(
                destination: route.destination.description, kind: route.nextHop == nil ? 1 : 0, nextHop: route.nextHop?.description ?? "")
        }
    }
}
