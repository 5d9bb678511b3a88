import ClusterCatalog
import ClusterStore
import EngineClient
import FakeEngine
import FakeKernel
import KernelNetwork
import Logging
import NetworkModel
import ServiceLifecycle
import TestSupport
import Testing

@testable import WorkerService

/// What the engine's side of a worker stands on, and another node of its cluster: an engine and a store that do as a test says.
struct EngineRig: Sendable {
    let store = AwayStore(InMemoryStore())
    /// What the mirror reads: the store, and lies.
    let lies: LyingStore
    let engine = FakeEngine()
    let journal: EngineJournal
    let catalog: ClusterCatalog
    let global: ScopedCatalog
    let scopes: NetworkScopes
    let kernel = FakeKernel(
        underlay: InterfaceAddress(IPAddress(10, 97, 0, 1), in: Subnet(containing: IPAddress(10, 97, 0, 0), prefixLength: 24)))
    let status = EngineStatus(location: "fake", logger: quiet)
    let claim: NodeClaim
    /// What another node writes with.
    let otherClaim: NodeClaim
    private let folder: TemporaryFolder
    private let news: AsyncStream<ScopeMirror.News>

    init() async throws {
        folder = try TemporaryFolder()
        lies = LyingStore(store)
        journal = try EngineJournal(path: folder.file("engine.json"))
        catalog = ClusterCatalog(
            store: lies, scope: .global, randomness: SeededRandomness(seed: 7), wallTime: FixedTime(), clock: ContinuousClock(),
            logger: quiet)
        try await catalog.open()
        claim = try await Self.join("a", 1, catalog)
        otherClaim = try await Self.join("b", 2, catalog)
        let (news, teller) = AsyncStream<ScopeMirror.News>.makeStream()
        let mirror = ScopeMirror(of: lies, scope: .global, node: claim.node, news: teller, logger: quiet)
        let own = claim
        global = ScopedCatalog(catalog: catalog, mirror: mirror) { own }
        scopes = NetworkScopes(global: global, local: try await Self.local(own, news: teller))
        self.news = news
    }

    private static func local(_ claim: NodeClaim, news: AsyncStream<ScopeMirror.News>.Continuation) async throws -> ScopedCatalog {
        let store = InMemoryStore()
        let catalog = ClusterCatalog(
            store: store, scope: .local, randomness: SeededRandomness(seed: 9), wallTime: FixedTime(), clock: ContinuousClock(),
            logger: quiet)
        try await catalog.open()
        let mirror = ScopeMirror(of: store, scope: .local, node: claim.node, news: news, logger: quiet)
        return ScopedCatalog(catalog: catalog, mirror: mirror) { NodeClaim(local: claim.node, epoch: claim.epoch) }
    }

    private static func join(_ digit: String, _ number: UInt8, _ catalog: ClusterCatalog) async throws -> NodeClaim {
        let record = NodeRecord(
            id: try NodeID(String(repeating: digit, count: 64)), hostname: "host-\(digit)", vtep: IPAddress(10, 97, 0, number),
            advertise: "10.97.0.\(number):2376", epoch: Epoch(1), version: "1", kernelVersion: "6.1", operatingSystem: "Debian 12",
            underlayMTU: 1500, joined: FixedTime().now())
        return try await catalog.join(record, holding: try await catalog.grantLease(lasting: .seconds(600)))
    }

    var networks: EngineNetworks {
        EngineNetworks(
            engine: engine, journal: journal, global: global, status: status, clock: ContinuousClock(),
            randomness: SeededRandomness(seed: 8), logger: quiet)
    }

    func sweep(_ clock: any Clock<Duration> = ContinuousClock()) -> EngineSweep {
        EngineSweep(engine: engine, journal: journal, scopes: scopes, kernel: kernel, clock: clock, logger: quiet)
    }

    func names(
        every interval: Duration = .seconds(600), _ onNews: @escaping @Sendable (EngineNews) async -> Void = { _ in }
    ) -> EngineNames {
        EngineNames(
            engine: engine, naming: ContainerNaming(journal: journal, global: global, status: status), sweep: sweep(), global: global,
            status: status, interval: interval, clock: ContinuousClock(), onNews: onNews)
    }

    /// Runs the mirror and services for as long as the work takes.
    func running(_ services: any Service..., work: @escaping @Sendable () async throws -> Void) async throws {
        let mirrors = [scopes.global.mirror, scopes.local.mirror]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for mirror in mirrors { group.addTask { await mirror.run() } }
            // There is no data plane to tell.
            group.addTask { for await item in news { if case .mark(let reached) = item { reached.finish() } } }
            for service in services { group.addTask { try await service.run() } }
            group.addTask(operation: work)
            // The work is what ends first.
            try await group.next()
            group.cancelAll()
        }
    }

    func network(_ name: String, subnet: String? = nil) async throws -> NetworkRecord {
        let subnets = try subnet.map { [SubnetRecord(pool: try Subnet($0), isUserDefined: true)] } ?? []
        return try await catalog.createNetwork(NetworkRequest(name: name, subnets: subnets)).record
    }

    /// The engine's networks of Skein's driver, by name.
    var onEngine: [String] { engine.networks.map(\.spec.name).sorted() }

    func twin(of network: NetworkRecord) -> HostedNetwork? {
        engine.networks.first { $0.spec.options[EngineOption.network] == network.id.rawValue }
    }

    // MARK: Containers

    /// What the driver does when the engine makes an endpoint.
    @discardableResult
    func endpoint(_ digit: String, on network: NetworkRecord) async throws -> EndpointID {
        let id = try EndpointID(String(repeating: digit, count: 64))
        let request = AttachRequest(
            endpoint: id, sandbox: try SandboxID(id.rawValue), kind: .engine, name: try EndpointName(id.short), interface: "")
        let entry = try #require(try await catalog.network(network.id))
        return try await EndpointChanges(scopes: scopes).attach(request, to: entry).record.id
    }

    /// What another node has under a name.
    func holder(of name: String, on network: NetworkRecord) async throws -> CatalogEntry<EndpointRecord> {
        let request = AttachRequest(
            endpoint: try EndpointID(String(repeating: "f", count: 64)), sandbox: try SandboxID(String(repeating: "f", count: 64)),
            name: try EndpointName(name), interface: "eth0")
        let entry = try #require(try await catalog.network(network.id))
        return try await catalog.attach(request, to: entry, as: otherClaim)
    }

    /// Has the engine run a container.
    @discardableResult
    func run(_ digit: String, _ name: String, _ attachments: HostedContainer.Attachment..., isRunning: Bool = true) -> String {
        let id = String(repeating: digit, count: 64)
        engine.put(
            HostedContainer(
                id: id, name: name, isRunning: isRunning, created: FixedTime().now(), labels: ["l": "1"], attachments: attachments))
        engine.tell(.containerChanged(id))
        return id
    }

    /// An attachment to one of the engine's networks.
    func attachment(
        _ endpoint: EndpointID?, on network: String = "1", aliases: [String] = [], links: [String: String] = [:],
        chosen: [IPAddress] = []
    ) throws -> HostedContainer.Attachment {
        HostedContainer.Attachment(
            network: try EngineNetworkID(network), endpoint: endpoint, aliases: try aliases.map { try EndpointName($0) },
            links: try links.mapValues { try EndpointName($0) }, chosen: chosen)
    }

    /// An endpoint as the store has it.
    func stored(_ endpoint: EndpointID, on network: NetworkRecord) async throws -> EndpointRecord? {
        try await catalog.endpoints(of: network.id).map(\.record).first { $0.id == endpoint }
    }

    /// The names of this node's sandboxes as the store has them.
    func sandboxes() async throws -> [String] { try await catalog.sandboxes(on: claim.node).map(\.record.name.rawValue).sorted() }

    /// Whether these are the names of this node's sandboxes, and the worker knows that they are in the store.
    func knowsSandboxes(_ names: [String]) async throws -> Bool {
        let known = await global.mirror.view.sandboxes.records.values.map(\.record.name.rawValue).sorted()
        guard known == names else { return false }
        return try await sandboxes() == names
    }

    func recorded() async throws -> [String] { try await catalog.networks().map(\.record.name).sorted() }
}

/// What was told, in its order.
actor NewsLog {
    private(set) var all: [EngineNews] = []

    func add(_ news: EngineNews) { all.append(news) }
}
