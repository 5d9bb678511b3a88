import ArgumentParser
import ClusterCatalog
import ClusterStore
import EtcdStore
import FoundationEssentials
import NetworkModel

/// Mirrors the endpoints of a large network, as a worker does that comes to take part in it.
struct MirrorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mirror",
        abstract:
            "Print how long the first view of a network takes, in milliseconds, and by how many MB it makes this process grow: at rest and at most."
    )

    @OptionGroup var store: StoreArguments
    @Flag(help: "Write the network to the store in place of mirroring it.") var fill = false
    @Option(help: "How many endpoints to write.") var count = 50_000

    private static let network = NetworkID.numbered(1)

    func run() async throws {
        if fill { try await write() } else { try await mirror() }
    }

    private func write() async throws {
        let store = try store.connect()
        let node = NodeID.numbered(2)
        for batch in stride(from: 1, through: count, by: 100) {
            let operations = try (batch..<min(batch + 100, count + 1)).map { number in
                let endpoint = try Self.endpoint(number, on: node)
                return StoreOperation.put(
                    CatalogKeys.endpoint(endpoint.id, of: endpoint.network), try CompactJSON.encode(endpoint))
            }
            guard case .committed = try await store.commit(StoreTransaction([], then: operations)) else { throw ExitCode.failure }
        }
    }

    private static func endpoint(_ number: Int, on node: NodeID) throws -> EndpointRecord {
        let address = IPAddress(family: .v4, bits: IPAddress(10, 10, 0, 1).bits + UInt128(number))
        return EndpointRecord(
            id: .drawn(), network: network, name: try EndpointName("container-\(number)"), addresses: [address],
            mac: MACAddress(of: address) ?? .drawn(), node: node, epoch: Epoch(1), sandbox: .drawn(), interface: "eth0")
    }

    private func mirror() async throws {
        let store = try store.connect()
        // What the first request costs is no part of a list.
        _ = try await store.get(CatalogKeys.format)
        // What a worker keeps of it: each record by its id, with the revision that wrote it.
        var mirror: [EndpointID: CatalogEntry<EndpointRecord>] = [:]
        let before = ProcessMemory.now
        let begin = Stopwatch.microseconds()
        var time = Int64(0)
        // The change after it: the watch has the list no more.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for await event in store.watch(CatalogKeys.endpoints(of: Self.network)) {
                guard case .snapshot(let snapshot) = event else { break }
                mirror.reserveCapacity(snapshot.entries.count)
                for entry in snapshot.entries {
                    guard let id = entry.key.lastSegment else { continue }
                    mirror[try EndpointID(id)] = try CatalogEntry(entry)
                }
                time = Stopwatch.microseconds() - begin
                group.addTask { try await Self.touch(store) }
            }
            try await group.waitForAll()
        }
        let after = ProcessMemory.now
        Stopwatch.report("\(Double(time) / 1000) \(after.resident - before.resident) \(after.peak - before.resident) \(mirror.count)")
    }

    /// Makes a change that the watch tells.
    private static func touch(_ store: any ClusterStore) async throws {
        let key = StoreKey(path: CatalogKeys.endpoints(of: network).path + "touched")
        _ = try await store.commit(StoreTransaction([], then: [.put(key, [])]))
        _ = try await store.commit(StoreTransaction([], then: [.delete(key)]))
    }
}

extension Identifier {
    fileprivate static func numbered(_ number: UInt64) -> Identifier {
        var generator = Constant(number: number)
        return Identifier(random: &generator)
    }
}

extension MACAddress {
    fileprivate static func drawn() -> MACAddress {
        var generator = SystemRandomNumberGenerator()
        return MACAddress(random: &generator)
    }
}

private struct Constant: RandomNumberGenerator {
    let number: UInt64

    func next() -> UInt64 { number }
}
