import ClusterCatalog
import ClusterStore
import NetworkModel
import Testing

@testable import WorkerService

@Suite struct `A view of a store` {
    private let node = try? NodeID(String(repeating: "a", count: 64))

    private func endpoint(_ digit: String, _ name: String, _ address: UInt8, at revision: Int64) throws -> CatalogEntry<EndpointRecord> {
        let record = EndpointRecord(
            id: try EndpointID(String(repeating: digit, count: 64)), network: try NetworkID(String(repeating: "b", count: 64)),
            name: try EndpointName(name), aliases: [], addresses: [IPAddress(10, 0, 0, address)], mac: MACAddress(bits: 0x0242_0a00_0000),
            node: try #require(node), epoch: Epoch(1), sandbox: try SandboxID(String(repeating: digit, count: 64)), kind: .engine,
            interface: "", options: [:])
        return CatalogEntry(record, revision: StoreRevision(revision))
    }

    @Test(arguments: [("Web", 3 as UInt8), ("db", 2)])
    func `takes away what its own transaction took over`(name: String, address: UInt8) throws {
        let (old, new) = (try endpoint("1", "web", 2, at: 5), try endpoint("2", name, address, at: 9))
        var view = ScopeView(of: try #require(node)) { _ in }
        view.open(old.record.network)
        _ = view.commit(old)
        _ = view.commit(try endpoint("3", "cache", 7, at: 6))
        let changes = view.commit(new)
        #expect(changes == [.endpoint(old.record.network, old.record.id, nil), .endpoint(new.record.network, new.record.id, new.record)])
        // What the watch tells of it is old news, and no loss.
        let gone = StoreChange.deleted(CatalogKeys.endpoint(old.record.id, of: old.record.network))
        let news = view.take(.changes([gone], StoreRevision(9)), of: .endpoints(old.record.network), under: .secondLook)
        #expect(news.isEmpty)
        #expect(view.missing.isEmpty)
    }
}
