import ClusterCatalog
import ClusterStore
import DaemonKit
import Dataplane
import EngineAPI
import EngineClient
import FakeKernel
import KernelNetwork
import Logging
import NameServer
import NetworkModel
import ServiceLifecycle
import Synchronization
import TestSupport
import WorkerAPI

@testable import WorkerService

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// One host of a cluster: a kernel in memory, a store for its local networks, an identity.
final class Host: Sendable {
    let node: NodeID
    let vtep: IPAddress
    let kernel: FakeKernel
    let files = FilesInMemory()
    let localStore = InMemoryStore()
    let randomness: SeededRandomness
    private let epoch = Mutex<UInt64>(0)
    private let hasEngine: Bool
    let folder: TemporaryFolder?

    /// - Parameter hasEngine: whether it has a container engine.
    init(_ number: UInt8, hasEngine: Bool = false) {
        self.hasEngine = hasEngine
        folder = try? TemporaryFolder()
        randomness = SeededRandomness(seed: UInt64(number))
        var generator = RandomnessGenerator(randomness)
        node = NodeID(random: &generator)
        vtep = IPAddress(10, 97, 0, number)
        kernel = FakeKernel(underlay: InterfaceAddress(vtep, in: Subnet(containing: vtep, prefixLength: 24)))
    }

    /// A worker of this host, in the next epoch.
    func worker(
        on store: any ClusterStore, heartbeat: Duration = .seconds(20), patience: Duration? = nil, hostname: String? = nil,
        reservation: Duration = .seconds(30), enginePatience: Duration = .seconds(20), engine: (any ContainerEngine)? = nil
    ) throws -> Worker {
        let epoch = epoch.withLock { epoch in
            epoch += 1
            return Epoch(epoch)
        }
        let record = NodeRecord(
            id: node, hostname: hostname ?? "host-\(vtep)", vtep: vtep, advertise: "\(vtep):2376", epoch: epoch,
            version: SkeinVersion.current, kernelVersion: "6.1", operatingSystem: "Debian 12",
            hostRoutes: HostNetwork(try kernel.dump(.host)).routes, underlayMTU: 1500, joined: FixedTime().now())
        let foundation = Worker.Foundation(
            record: record, advertise: try AdvertiseAddress("eth0:2376"), store: store, localStore: localStore, kernel: kernel,
            files: files, resolvers: FixedResolvers([]),
            identity: EngineIdentity(
                role: .worker, id: node.rawValue, hostname: record.hostname, kernelVersion: "6.1", operatingSystem: "Debian 12",
                architecture: "x86_64", processors: 1, memory: 1 << 30),
            terms: Membership.Terms(heartbeat: heartbeat, timeToLive: .seconds(60), patience: patience, adoption: .seconds(30)),
            dataplane: DataplaneOptions(settleBound: .seconds(10)),
            names: DurableFile(path: folder?.file("names.json") ?? "/nowhere/names.json"),
            namesPause: NameMemory.Pause(least: .zero, rarity: 0),
            engine: try (hasEngine ? folder : nil).map { folder in
                EngineSide.Foundation(
                    journal: try EngineJournal(path: folder.file("engine.json")),
                    nameRoutes: NameRoutes(path: folder.file("name-routes.json")), engine: engine,
                    terms: EngineAddresses.Terms(grant: .seconds(60), reservation: reservation),
                    limits: (whole: .seconds(30), patience: enginePatience, removals: .seconds(20)), upkeepInterval: .milliseconds(50))
            })
        let ports = DaemonPorts(clock: ContinuousClock(), randomness: randomness, time: FixedTime(), logger: quiet)
        return try Worker(on: foundation, ports)
    }

    /// What other hosts' endpoints have in a network's namespace here.
    func neighbours(in network: NetworkID) -> Set<IPAddress> {
        let entries = kernel.namespace(.named("skein-\(network.short)"))?.neighbours["br0"] ?? [:]
        return Set(entries.keys)
    }

    func hasNamespace(_ name: String) -> Bool { kernel.namespace(.named(name)) != nil }
}

/// Runs workers for as long as the work takes, then ends them as SIGTERM does.
func running<Value: Sendable>(
    _ workers: Worker..., beside others: [any Service] = [], work: @Sendable () async throws -> Value
) async throws -> Value {
    let group = ServiceGroup(services: workers.flatMap(\.services) + others, logger: quiet)
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        let result: Result<Value, any Error>
        do {
            result = .success(try await work())
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return try result.get()
    }
}

extension Worker {
    func sandbox(_ name: String, on networks: String..., addresses: IPAddress...) async throws -> SandboxDetail {
        let attachments = networks.map {
            SandboxCreation.Attachment(network: $0, options: AttachmentOptions(addresses: addresses))
        }
        return try await backend.createSandbox(SandboxCreation(name: try EndpointName(name), attachments: attachments))
    }

    func network(_ name: String, driver: String = "overlay", subnet: String? = nil) async throws -> NetworkID {
        let subnets = try subnet.map { [SubnetRecord(pool: try Subnet($0), isUserDefined: true)] } ?? []
        return try await backend.createNetwork(NetworkCreation(name: name, driver: driver, subnets: subnets)).id
    }
}

/// The files of sandboxes, in memory.
final class FilesInMemory: SandboxFiles {
    private let all = Mutex<[String: [String: String]]>([:])

    func namespaces() throws(DataplaneError) -> Set<String> { all.withLock { Set($0.keys) } }
    func files(of namespace: String) throws(DataplaneError) -> [String: String] { all.withLock { $0[namespace] ?? [:] } }
    func write(_ files: [String: String], for namespace: String) throws(DataplaneError) {
        all.withLock { $0[namespace, default: [:]].merge(files) { $1 } }
    }
    func remove(_ namespace: String) throws(DataplaneError) { all.withLock { $0[namespace] = nil } }
}

/// The fault that an operation ends with.
func refusal(of operation: () async throws -> Void) async -> (any Fault)? {
    do {
        try await operation()
        return nil
    } catch {
        return error as? any Fault
    }
}
