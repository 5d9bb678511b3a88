import ArgumentParser
import ClusterCatalog
import ClusterStore
import EtcdStore
import FoundationEssentials
import NetworkModel

/// Attaches endpoints through the catalog, and leaves the same requests to be sent otherwise.
struct AttachesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attaches",
        abstract: "Print how many endpoints a second the catalog attaches, and its own processor time for one in microseconds.")

    @OptionGroup var store: StoreArguments
    @Option(help: "How many at once.") var connections = 1
    @Option(help: "How many in all.") var count = 1000
    @Option(help: "Where to write the bodies of the requests, one a line; the endpoints are gone by then.") var bodies: String?

    /// An IPv4 network that is given out has 253 addresses for endpoints.
    private static let endpointsInNetwork = 250

    func run() async throws {
        let connection = try store.connect()
        // What keeps all that it has seen is no client like others, so nothing is recorded when nobody wants it.
        let recording = bodies.map { _ in RecordingStore(connection) }
        let catalog = store.catalog(over: recording ?? connection)
        let claim = try await catalog.joinAsBenchmark()
        let share = max(1, count / max(1, connections))
        let networks = try await networks(in: catalog, for: share)
        _ = recording?.take()
        let begin = (Stopwatch.microseconds(), Stopwatch.processorMicroseconds())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for networks in networks {
                group.addTask { try await attach(share, to: networks, in: catalog, as: claim) }
            }
            try await group.waitForAll()
        }
        let (time, work) = (Stopwatch.microseconds() - begin.0, Stopwatch.processorMicroseconds() - begin.1)
        let made = Double(share * networks.count)
        Stopwatch.report("\(made / Double(time) * 1_000_000) \(Double(work) / made)")
        if let recording, let bodies { try await leave(recording, writing: bodies) }
    }

    /// For each connection as many networks as its endpoints need: nobody races.
    private func networks(in catalog: ClusterCatalog, for share: Int) async throws -> [[CatalogEntry<NetworkRecord>]] {
        var result: [[CatalogEntry<NetworkRecord>]] = []
        for connection in 0..<max(1, connections) {
            var own: [CatalogEntry<NetworkRecord>] = []
            for number in 0...(share - 1) / Self.endpointsInNetwork {
                own.append(try await catalog.createNetwork(NetworkRequest(name: "bench-\(connection)-\(number)")))
            }
            result.append(own)
        }
        return result
    }

    private func attach(
        _ count: Int, to networks: [CatalogEntry<NetworkRecord>], in catalog: ClusterCatalog, as claim: NodeClaim
    ) async throws {
        var taken: AddressSet = []
        for number in 0..<count {
            let network = networks[number / Self.endpointsInNetwork]
            // As a worker knows the network's addresses from its mirror.
            let attached = try await catalog.attachOne("c\(number)", to: network, as: claim, knowing: taken)
            taken.formUnion(attached.record.addresses)
        }
    }

    /// Writes down what was sent, and makes the store such that it can be sent again.
    private func leave(_ recording: RecordingStore, writing bodies: String) async throws {
        let lines = try recording.take().map { String(decoding: try EtcdStore.body(of: $0, root: store.root), as: UTF8.self) + "\n" }
        try lines.joined().write(toFile: bodies, atomically: false, encoding: .utf8)
        let prefixes = [CatalogKeys.endpoints, CatalogKeys.nodeEndpoints, CatalogKeys.names, CatalogKeys.addresses]
        _ = try await recording.commit(StoreTransaction([], then: prefixes.map { .deleteChildren($0) }))
    }
}
