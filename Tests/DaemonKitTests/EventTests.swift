import ClusterCatalog
import ClusterStore
import EngineAPI
import NetworkModel
import ServiceLifecycle
import TestSupport
import Testing

@testable import DaemonKit

@Suite struct `The events of networks` {
    private let cluster = Cluster()
    private let time = FixedTime().now()

    private func entry(_ record: some Encodable, at key: StoreKey, _ revision: Int64) throws -> StoreEntry {
        StoreEntry(
            key: key, value: try CompactJSON.encode(record), created: StoreRevision(revision), modified: StoreRevision(revision))
    }

    private func network(_ name: String, _ revision: Int64) throws -> (NetworkRecord, StoreEntry) {
        let record = NetworkRecord(id: cluster.id(), name: name, driver: .overlay, created: time)
        return (record, try entry(record, at: CatalogKeys.network(record.id), revision))
    }

    private func endpoint(on network: NetworkRecord, _ revision: Int64) throws -> (EndpointRecord, StoreEntry) {
        let record = EndpointRecord(
            id: cluster.id(), network: network.id, name: try EndpointName("rose"), addresses: [], mac: try MACAddress("02:42:0a:00:00:02"),
            node: cluster.id(), epoch: Epoch(1), sandbox: cluster.id(), interface: "eth0")
        return (record, try entry(record, at: CatalogKeys.endpoint(record.id, of: network.id), revision))
    }

    private func snapshot(_ revision: Int64, _ entries: StoreEntry...) -> WatchEvent {
        .snapshot(StoreSnapshot(revision: StoreRevision(revision), entries: entries))
    }

    private func described(_ events: [NetworkEvent]) -> [String] {
        events.map { "\($0.action) \($0.name)" }.sorted()
    }

    @Test func `do not tell what was there at the beginning`() throws {
        var log = EventLog()
        let (record, entry) = try network("old", 3)
        #expect(log.take(snapshot(3, entry), of: .networks, at: time).isEmpty)
        let gone = StoreChange.deleted(CatalogKeys.network(record.id))
        #expect(described(log.take(.changes([gone], StoreRevision(4)), of: .networks, at: time)) == ["destroy old"])
    }

    @Test func `name the network and the sandbox of an endpoint that comes and goes`() throws {
        var log = EventLog()
        let (network, networkEntry) = try network("multi", 1)
        _ = log.take(snapshot(1, networkEntry), of: .networks, at: time)
        _ = log.take(snapshot(1), of: .endpoints, at: time)
        let (endpoint, endpointEntry) = try endpoint(on: network, 2)
        let connected = log.take(.changes([.put(endpointEntry)], StoreRevision(2)), of: .endpoints, at: time)
        #expect(
            connected == [
                NetworkEvent(.connect, network: network.id, name: "multi", driver: .overlay, sandbox: endpoint.sandbox, time: time)
            ])
        // Written again, by the next life of its node: nothing has happened to the network.
        #expect(log.take(.changes([.put(endpointEntry)], StoreRevision(3)), of: .endpoints, at: time).isEmpty)
        let gone = StoreChange.deleted(endpointEntry.key)
        #expect(described(log.take(.changes([gone], StoreRevision(4)), of: .endpoints, at: time)) == ["disconnect multi"])
    }

    @Test func `lose nothing that happened during an interruption`() throws {
        var log = EventLog()
        let (_, old) = try network("old", 1)
        let (_, kept) = try network("kept", 2)
        let (_, new) = try network("new", 9)
        _ = log.take(snapshot(2, old, kept), of: .networks, at: time)
        #expect(log.take(.interrupted(StoreError(.unavailable, "away")), of: .networks, at: time).isEmpty)
        #expect(described(log.take(snapshot(9, kept, new), of: .networks, at: time)) == ["create new", "destroy old"])
    }

    @Test func `reach every reader, and end with the daemon`() async throws {
        let hub = EventHub(of: [cluster.catalog], time: FixedTime())
        let group = ServiceGroup(services: [hub], logger: quiet)
        await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let readers = [hub.events(), hub.events()]
            // A reader hears of what happens once its watches have begun, so something happens until both have heard.
            tasks.addTask {
                while !Task.isCancelled {
                    let network = try await cluster.network("probe")
                    try await cluster.catalog.removeNetwork(network.record.id)
                }
            }
            for reader in readers {
                var events = reader.makeAsyncIterator()
                #expect(await events.next()?.name == "probe")
            }
            let last = hub.events()
            await group.triggerGracefulShutdown()
            for await _ in last {}
            tasks.cancelAll()
        }
    }
}
