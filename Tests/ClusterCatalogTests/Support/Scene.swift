import ClusterStore
import Logging
import NetworkModel
import TestSupport

@testable import ClusterCatalog

/// A catalog over a store, and short ways to put nodes, networks and endpoints into it.
struct Scene: Sendable {
    let store: any ClusterStore
    let catalog: ClusterCatalog
    let randomness: SeededRandomness

    init(_ store: any ClusterStore = InMemoryStore(), scope: NetworkScope = .global, seed: UInt64 = 1) {
        self.store = store
        randomness = SeededRandomness(seed: seed)
        catalog = ClusterCatalog(
            store: store, scope: scope, randomness: randomness, wallTime: FixedTime(), clock: ContinuousClock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// The same cluster through another connection.
    func through(_ store: any ClusterStore, seed: UInt64 = 2) -> Scene {
        Scene(store, scope: catalog.scope, seed: seed)
    }

    func id<Subject>(_: Subject.Type = Subject.self) -> Identifier<Subject> {
        var generator = RandomnessGenerator(randomness)
        return Identifier(random: &generator)
    }

    func nodeRecord(_ hostname: String = "host", id: NodeID? = nil, epoch: UInt64 = 1, vtep: String = "192.0.2.1") throws -> NodeRecord {
        NodeRecord(
            id: id ?? self.id(), hostname: hostname, vtep: try IPAddress(vtep), advertise: "\(vtep):2376", epoch: Epoch(epoch),
            version: SkeinVersion.current, kernelVersion: "6.1", operatingSystem: "Debian 12", underlayMTU: 1500, joined: FixedTime().now())
    }

    func join(_ hostname: String = "host", id: NodeID? = nil, epoch: UInt64 = 1) async throws -> NodeClaim {
        let lease = try await store.grantLease(lasting: .seconds(600))
        return try await catalog.join(try nodeRecord(hostname, id: id, epoch: epoch), holding: lease)
    }

    /// Ends a node as its lease does.
    func kill(_ claim: NodeClaim) async throws {
        if let lease = claim.lease { try await store.revoke(lease) }
    }

    func network(_ name: String = "multi", subnets: String..., ipv6: Bool = false) async throws -> CatalogEntry<NetworkRecord> {
        let subnets = try subnets.map { SubnetRecord(pool: try Subnet($0), isUserDefined: true) }
        return try await catalog.createNetwork(NetworkRequest(name: name, subnets: subnets, isIPv6Enabled: ipv6))
    }

    func request(_ name: String, sandbox: SandboxID? = nil, addresses: String...) throws -> AttachRequest {
        AttachRequest(
            endpoint: id(), sandbox: sandbox ?? id(), name: try EndpointName(name), interface: "eth0",
            attachment: AttachmentOptions(addresses: try addresses.map { try IPAddress($0) }))
    }

    func attach(
        _ name: String, to network: CatalogEntry<NetworkRecord>, as claim: NodeClaim, knowing known: AddressSet? = nil
    ) async throws -> CatalogEntry<EndpointRecord> {
        try await catalog.attach(try request(name), to: network, as: claim, knowing: known)
    }

    /// A container engine's endpoint, at addresses that were reserved for it.
    func engineRequest(_ reserved: ReservedAddress...) throws -> AttachRequest {
        let endpoint: EndpointID = id()
        return AttachRequest(
            endpoint: endpoint, sandbox: try SandboxID(endpoint.rawValue), kind: .engine, name: try EndpointName(endpoint.short),
            interface: "",
            attachment: AttachmentOptions(addresses: reserved.map(\.address)),
            reservations: Dictionary(uniqueKeysWithValues: reserved.map { ($0.address, $0.revision) }))
    }

    /// What an engine tells of a container.
    func identity(
        _ name: String, of container: SandboxID? = nil, on node: NodeID, aliases: [String] = [], links: [String: EndpointName] = [:]
    ) throws -> EndpointIdentity {
        let container = container ?? id()
        let sandbox = SandboxRecord(
            id: container, name: try EndpointName(name), node: node, kind: .engine, runtimeID: container.rawValue,
            created: FixedTime().now())
        return EndpointIdentity(
            name: try EndpointName(name), aliases: try aliases.map { try EndpointName($0) }, links: links, sandbox: sandbox)
    }

    func reserve(
        _ address: String? = nil, of network: CatalogEntry<NetworkRecord>, as claim: NodeClaim, knowing known: AddressSet? = nil,
        preferring preferred: [String] = [], succeeding dead: [CatalogEntry<EndpointRecord>] = [], id: ReservationID? = nil
    ) async throws -> ReservedAddress {
        try await catalog.reserveAddress(
            try address.map { try IPAddress($0) }, in: network.record.subnets[0], of: network, as: claim, knowing: known,
            preferring: try preferred.map { try IPAddress($0) }, succeeding: dead, id: id)
    }

    /// What a mirror knows that thinks all of a network is taken.
    func everyAddress(of network: CatalogEntry<NetworkRecord>) -> AddressSet {
        AddressSet(network.record.subnets.flatMap { subnet in (0..<256).compactMap { subnet.pool.address(at: UInt128($0)) } })
    }

    /// The owner of an address.
    func owner(of address: IPAddress, in network: CatalogEntry<NetworkRecord>) async throws -> AddressRecord? {
        guard let entry = try await store.get(CatalogKeys.address(address, of: network.record.id)) else { return nil }
        return try RecordCoding.decode(AddressRecord.self, from: entry)
    }

    /// The keys that the store holds, without the schema's version and the pools' generation.
    func keys() async throws -> [String] {
        let housekeeping = [CatalogKeys.format, CatalogKeys.poolGeneration(catalog.scope)]
        return try await store.list([StoreKey(path: "")]).entries.map(\.key).filter { !housekeeping.contains($0) }.map(\.path)
    }
}

/// The error that an operation ends with.
func refusal(of operation: () async throws -> Void) async -> CatalogError? {
    do {
        try await operation()
        return nil
    } catch {
        return error as? CatalogError
    }
}
