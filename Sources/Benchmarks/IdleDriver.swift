import DriverAPI
import NetworkModel
import Synchronization

/// A network and IPAM driver that says yes to everything and does nothing: what is left is what an engine and the plug-in protocol cost
/// by themselves, and no driver can be faster.
///
/// It knows one network. Its devices are made before anything is measured, and each is handed out once.
final class IdleDriver: NetworkDriverBackend, IPAMDriverBackend {
    private let pool: Subnet
    private let devicePrefix: String
    private let given = Mutex<(addresses: UInt128, devices: Int)>((1, 0))

    /// - Parameter devicePrefix: the devices' names begin with it and end in a number from 0 on.
    init(devicePrefix: String, pool: Subnet) {
        self.devicePrefix = devicePrefix
        self.pool = pool
    }

    // MARK: Addresses

    func requestPool(_ request: PoolRequest) async throws -> GrantedPool {
        GrantedPool(PoolID(pool), gateway: pool.address(at: 1))
    }

    func requestAddress(_ request: AddressRequest) async throws -> IPAddress {
        if let address = request.address { return address }
        let offset = given.withLock { given in
            given.addresses += 1
            return given.addresses
        }
        guard let address = pool.address(at: offset) else { throw InvalidValue("no address is left in \(pool)") }
        return address
    }

    func releasePool(_ pool: PoolID) async throws {}
    func releaseAddress(_ address: IPAddress, of pool: PoolID) async throws {}

    // MARK: Endpoints

    func createEndpoint(_ endpoint: EngineEndpoint) async throws -> EndpointChoices {
        EndpointChoices(mac: endpoint.mac == nil ? endpoint.addresses.first.flatMap { MACAddress(of: $0.address) } : nil)
    }

    func join(_ joining: SandboxJoining) async throws -> JoinedInterface {
        let number = given.withLock { given in
            defer { given.devices += 1 }
            return given.devices
        }
        return JoinedInterface(device: "\(devicePrefix)\(number)", gateways: [pool.address(at: 1)].compactMap(\.self))
    }

    func details(of endpoint: EndpointReference) async throws -> [String: String] { [:] }
    func createNetwork(_ network: EngineNetwork) async throws {}
    func deleteNetwork(_ network: EngineNetworkID) async throws {}
    func deleteEndpoint(_ endpoint: EndpointReference) async throws {}
    func leave(_ endpoint: EndpointReference) async throws {}
    func publish(_ options: EndpointOptions, of endpoint: EndpointReference) async throws {}
    func unpublish(_ endpoint: EndpointReference) async throws {}
}
