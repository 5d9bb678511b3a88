import ClusterCatalog
import ClusterStore
import HistoryCheck
import Logging
import NetworkModel
import TestSupport

/// A node whose worker allocates, claims, renames and releases at random, is killed now and then, and starts again in a new epoch.
struct HistoryClient: Sendable {
    let number: Int
    let node: NodeID
    /// The store over this client's own connection, which fails.
    let link: WatchedLink
    let catalog: ClusterCatalog
    let randomness: SeededRandomness
    let recorder: HistoryRecorder
    /// Time since some beginning: leases are renewed by it.
    let now: @Sendable () -> Duration
    private let clock: any Clock<Duration>
    var epoch = Epoch(0)
    var claim: NodeClaim?
    var renewed: Duration = .zero
    var held: [CatalogEntry<EndpointRecord>] = []
    var networks: [CatalogEntry<NetworkRecord>] = []
    /// A lease lives three times as long as it goes unrenewed.
    static let leaseTime: Duration = .seconds(6)
    static let networkNames = 5
    static let endpointNames = 12

    init(
        _ number: Int, over store: any ClusterStore, seed: UInt64, recorder: HistoryRecorder, clock: any Clock<Duration>,
        now: @escaping @Sendable () -> Duration
    ) {
        self.number = number
        self.recorder = recorder
        self.now = now
        self.clock = clock
        randomness = SeededRandomness(seed: seed &* 1_000 &+ UInt64(number))
        link = WatchedLink(store)
        catalog = ClusterCatalog(
            store: link, scope: .global, randomness: randomness, wallTime: FixedTime(), clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var generator = RandomnessGenerator(randomness)
        node = NodeID(random: &generator)
    }

    /// Takes steps until it is over.
    mutating func run(until isOver: () -> Bool) async {
        while !isOver(), !Task.isCancelled { await step() }
    }

    mutating func step() async {
        guard let claim = await liveClaim() else { return await restart() }
        switch draw(100) {
        case 0..<2: await crash()
        case 2..<7: await createNetwork()
        case 7..<10: await removeNetwork()
        case 10..<38: await attach(as: claim)
        case 38..<54: await detach(as: claim)
        case 54..<58: await removeSandbox(as: claim)
        case 58..<76: await startContainer(as: claim)
        case 76..<92: await rename(as: claim)
        case 92..<95: await reap()
        default: networks = (try? await catalog.networks()) ?? networks
        }
    }

    func draw(_ bound: Int) -> Int { Int(randomness.next() % UInt64(bound)) }

    func id<Subject>(_: Subject.Type = Subject.self) -> Identifier<Subject> {
        var generator = RandomnessGenerator(randomness)
        return Identifier(random: &generator)
    }

    var life: NodeLife { NodeLife(node, epoch) }

    func perform<Value>(
        _ operation: Operation, _ body: () async throws(CatalogError) -> Value, told: (Value) -> Acknowledgement
    ) async -> Value? {
        link.begin()
        return await recorder.perform(operation, isLost: { link.hasLostAnswer }, body, told: told)
    }

    // MARK: Lives

    /// The claim, if its lease may still be there; it is renewed when it is due.
    private mutating func liveClaim() async -> NodeClaim? {
        guard let claim, let lease = claim.lease else { return nil }
        guard now() - renewed > Self.leaseTime / 3 else { return claim }
        guard (try? await link.renew(lease)) != nil else {
            self.claim = nil
            return nil
        }
        renewed = now()
        return claim
    }

    /// The worker is killed: it knows nothing any more, and what it had stays.
    private mutating func crash() async {
        claim = nil
        held = []
        networks = []
        // At times it stays away for longer than its lease lives, and what it had may be reaped.
        if draw(2) == 0 { try? await clock.sleep(for: .seconds(1 + draw(8))) }
    }

    private mutating func restart() async {
        epoch = Epoch(epoch.rawValue + 1)
        held = []
        let begun = now()
        guard let lease = try? await link.grantLease(lasting: Self.leaseTime), let record = nodeRecord,
            let joined = try? await catalog.join(record, holding: lease)
        else { return }
        (claim, renewed) = (joined, begun)
        await takeBack(as: joined)
        networks = (try? await catalog.networks()) ?? []
    }

    private var nodeRecord: NodeRecord? {
        guard let vtep = try? IPAddress("192.0.2.\(number + 1)") else { return nil }
        return NodeRecord(
            id: node, hostname: "h\(number)", vtep: vtep, advertise: "\(vtep):2376", epoch: epoch, version: SkeinVersion.current,
            kernelVersion: "6.1", operatingSystem: "Debian 12", underlayMTU: 1500, joined: FixedTime().now())
    }

    /// What the worker held when it was killed is found again in the store.
    private mutating func takeBack(as claim: NodeClaim) async {
        guard let found = try? await catalog.endpoints(on: node), !found.isEmpty else { return }
        let catalog = catalog
        for endpoint in found {
            let operation = Operation(
                client: number, what: "take back \(endpoint.record.name)", changes: [.earlierLives(than: life)])
            let taken = await perform(operation) { () throws(CatalogError) in
                try await catalog.adopt([endpoint], as: claim)
            } told: { _ in
                Acknowledgement()
            }
            held += taken ?? []
        }
    }
}
