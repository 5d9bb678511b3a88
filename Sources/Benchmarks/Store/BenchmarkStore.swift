import ArgumentParser
import ClusterCatalog
import ClusterStore
import EtcdStore
import HTTPTransport
import Logging
import NetworkModel

/// Where a store is, as the commands that measure one are told.
struct StoreArguments: ParsableArguments {
    @Option(help: "The address of one etcd.") var host = "10.98.0.100"
    @Option(help: "Its port.") var port: UInt16 = 2379
    @Option(help: "The root of all keys.") var root = "bench"

    static let quiet = Logger(label: "skein-bench") { _ in SwiftLogNoOpLogHandler() }

    /// A connection of its own to the store.
    func connect() throws -> EtcdStore {
        EtcdStore(
            endpoints: [EtcdEndpoint(host: host, port: port)], root: root, http: try HTTPClient(logger: Self.quiet),
            randomness: SystemRandomness(), patience: .seconds(30), logger: Self.quiet)
    }

    func catalog(over store: any ClusterStore) -> ClusterCatalog {
        ClusterCatalog(
            store: store, scope: .global, randomness: SystemRandomness(), wallTime: SystemTime(), clock: ContinuousClock(),
            logger: Self.quiet)
    }
}

extension ClusterCatalog {
    /// Joins as a node that exists only here.
    func joinAsBenchmark() async throws -> NodeClaim {
        let vtep = IPAddress(192, 0, 2, 1)
        let record = NodeRecord(
            id: .drawn(), hostname: "bench", vtep: vtep, advertise: "\(vtep):2376", epoch: Epoch(1), version: SkeinVersion.current,
            kernelVersion: "", operatingSystem: "", underlayMTU: 1500, joined: Timestamp(nanoseconds: 0))
        return try await join(record, holding: try await grantLease(lasting: .seconds(3600)))
    }

    func attachOne(
        _ name: String, to network: CatalogEntry<NetworkRecord>, as claim: NodeClaim, knowing known: AddressSet
    ) async throws -> CatalogEntry<EndpointRecord> {
        let request = AttachRequest(endpoint: .drawn(), sandbox: .drawn(), name: try EndpointName(name), interface: "eth0")
        return try await attach(request, to: network, as: claim, knowing: known)
    }
}

extension Identifier {
    static func drawn() -> Identifier {
        var generator = RandomnessGenerator(SystemRandomness())
        return Identifier(random: &generator)
    }
}
