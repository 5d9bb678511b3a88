import DriverAPI
import NetworkModel
import Synchronization

/// A fake of what stands behind the plugin: every answer follows from the call alone, and it writes down what it was asked for.
final class CannedDriver: NetworkDriverBackend, IPAMDriverBackend {
    enum Call: Hashable, Sendable {
        case createNetwork(EngineNetwork)
        case deleteNetwork(EngineNetworkID)
        case createEndpoint(EngineEndpoint)
        case details(EndpointReference)
        case deleteEndpoint(EndpointReference)
        case join(SandboxJoining)
        case leave(EndpointReference)
        case publish(EndpointOptions, EndpointReference)
        case unpublish(EndpointReference)
        case requestPool(PoolRequest)
        case releasePool(PoolID)
        case requestAddress(AddressRequest)
        case releaseAddress(IPAddress, PoolID)
    }

    struct Refusal: Fault {
        let kind: FaultKind
        let message: String
    }

    /// What happens with a call before it is answered.
    typealias Hindrance = @Sendable () async throws -> Void

    private let calls = Mutex<[Call]>([])
    private let hindrance: Hindrance
    private let choices: EndpointChoices

    init(choices: EndpointChoices = EndpointChoices(mac: MACAddress(bits: 0x0242_0ac9_0032)), hindrance: @escaping Hindrance = {}) {
        self.choices = choices
        self.hindrance = hindrance
    }

    var asked: [Call] { calls.withLock { $0 } }

    private func take(_ call: Call) async throws {
        calls.withLock { $0.append(call) }
        try await hindrance()
    }

    func createNetwork(_ network: EngineNetwork) async throws { try await take(.createNetwork(network)) }
    func deleteNetwork(_ network: EngineNetworkID) async throws { try await take(.deleteNetwork(network)) }
    func deleteEndpoint(_ endpoint: EndpointReference) async throws { try await take(.deleteEndpoint(endpoint)) }
    func leave(_ endpoint: EndpointReference) async throws { try await take(.leave(endpoint)) }
    func unpublish(_ endpoint: EndpointReference) async throws { try await take(.unpublish(endpoint)) }
    func releasePool(_ pool: PoolID) async throws { try await take(.releasePool(pool)) }

    func createEndpoint(_ endpoint: EngineEndpoint) async throws -> EndpointChoices {
        try await take(.createEndpoint(endpoint))
        return choices
    }

    func details(of endpoint: EndpointReference) async throws -> [String: String] {
        try await take(.details(endpoint))
        return ["device": "sk\(endpoint.endpoint.short)"]
    }

    func join(_ joining: SandboxJoining) async throws -> JoinedInterface {
        try await take(.join(joining))
        return JoinedInterface(
            device: "sk\(joining.endpoint.endpoint.short)", gateways: [IPAddress(10, 201, 0, 1)],
            routes: [
                .init(to: Subnet(containing: IPAddress(10, 250, 0, 0), prefixLength: 16)),
                .init(to: Subnet(containing: IPAddress(10, 251, 0, 0), prefixLength: 16), nextHop: IPAddress(10, 201, 0, 9)),
            ])
    }

    func publish(_ options: EndpointOptions, of endpoint: EndpointReference) async throws { try await take(.publish(options, endpoint)) }

    func requestPool(_ request: PoolRequest) async throws -> GrantedPool {
        try await take(.requestPool(request))
        // A pool of the driver's choice comes with a gateway.
        guard let pool = request.pool else {
            let chosen = Subnet(containing: IPAddress(10, 200, 0, 0), prefixLength: 24)
            return GrantedPool(PoolID(chosen), gateway: chosen.address(at: 1))
        }
        return GrantedPool(PoolID(pool, subPool: request.subPool))
    }

    func requestAddress(_ request: AddressRequest) async throws -> IPAddress {
        try await take(.requestAddress(request))
        return request.address ?? request.pool.pool.address(at: request.isGateway ? 1 : 3) ?? request.pool.pool.base
    }

    func releaseAddress(_ address: IPAddress, of pool: PoolID) async throws { try await take(.releaseAddress(address, pool)) }
}
