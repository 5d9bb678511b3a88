import ClusterCatalog
import ClusterStore
import DriverAPI
import NetworkModel
import TestSupport

@testable import WorkerService

/// What a container engine asks of its drivers, in the order in which it does.
struct EngineHands {
    let side: EngineSide
    /// What this engine calls the network, and where its addresses come from.
    let network: EngineNetworkID
    let pool: PoolID

    /// Makes a network of the cluster on the engine, as its worker has it made.
    init(_ worker: Worker, twin id: String, of network: NetworkID) async throws {
        guard let side = worker.engine else { throw TestProblem("the host has no engine") }
        let options = [EngineOption.network: network.rawValue]
        pool = try await side.addresses.requestPool(PoolRequest(family: .v4, options: options)).id
        self.network = try EngineNetworkID(id)
        self.side = side
        try await side.driver.createNetwork(EngineNetwork(id: self.network, subnets: [SubnetRecord(pool: pool.pool)], options: options))
    }

    /// The network is there already.
    init(_ worker: Worker, knowing id: String, _ pool: PoolID) throws {
        guard let side = worker.engine else { throw TestProblem("the host has no engine") }
        self.side = side
        network = try EngineNetworkID(id)
        self.pool = pool
    }
}

/// A container on one network, and what its engine does for it.
actor EngineContainer {
    enum Step: CaseIterable {
        case request, create, join, publish, unpublish, leave, delete, release
    }

    nonisolated let endpoint: EndpointID
    /// Its own address, which the last request gave.
    private(set) var address: IPAddress?
    private(set) var interface: JoinedInterface?
    private let ports: [PublishedPort]
    private let name: String?

    init(_ endpoint: String, ports: [PublishedPort] = [], name: String? = nil) throws {
        self.endpoint = try EndpointID(endpoint)
        self.ports = ports
        self.name = name
    }

    func perform(_ step: Step, by hands: EngineHands) async throws {
        let (driver, addresses) = (hands.side.driver, hands.side.addresses)
        let reference = EndpointReference(network: hands.network, endpoint: endpoint)
        switch step {
        case .request: address = try await addresses.requestAddress(AddressRequest(pool: hands.pool, endpointName: name))
        case .create:
            let given = [address].compactMap(\.self).map { InterfaceAddress($0, in: hands.pool.pool) }
            _ = try await driver.createEndpoint(EngineEndpoint(reference: reference, addresses: given))
        case .join:
            interface = try await driver.join(
                SandboxJoining(endpoint: reference, sandboxPath: "/var/run/docker/netns/\(endpoint.short)"))
        case .publish: try await driver.publish(EndpointOptions(publishedPorts: ports), of: reference)
        case .unpublish: try await driver.unpublish(reference)
        case .leave: try await driver.leave(reference)
        case .delete: try await driver.deleteEndpoint(reference)
        case .release: if let address { await addresses.releaseAddress(address, of: hands.pool) }
        }
    }

    func perform(_ steps: [Step], by hands: EngineHands) async throws {
        for step in steps { try await perform(step, by: hands) }
    }

    static let start: [Step] = [.request, .create, .join, .publish]
    static let stop: [Step] = [.unpublish, .leave, .delete, .release]
}

/// What a store says of addresses.
struct AddressBook {
    /// All that are not a gateway's.
    var used: Set<IPAddress> = []
    var ofEndpoints: [IPAddress] = []

    init(_ store: any ClusterStore, of network: NetworkID) async throws {
        for entry in try await store.list([CatalogKeys.addresses(of: network)]).entries {
            if String(decoding: entry.value, as: UTF8.self).contains("gateway") { continue }
            used.insert(try IPAddress(entry.key.segments.last ?? ""))
        }
        for entry in try await store.list([CatalogKeys.endpoints(of: network)]).entries {
            ofEndpoints += try CatalogEntry<EndpointRecord>(entry).record.addresses
        }
    }
}
