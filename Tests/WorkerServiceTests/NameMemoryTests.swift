import ClusterCatalog
import ClusterStore
import DaemonKit
import FakeKernel
import KernelNetwork
import NetworkModel
import TestSupport
import Testing
import WorkerAPI

@testable import WorkerService

/// Lesson 10: a worker is started while the store is away.
@Suite(.timeLimit(.minutes(1))) struct `Names that are remembered` {
    private let store = AwayStore(InMemoryStore())
    private let alpha = Host(1)
    private let beta = Host(2)

    private var remembered: RememberedView? { alpha.folder.flatMap { RememberedView.read(DurableFile(path: $0.file("names.json"))) } }

    private func sockets(of network: NetworkID) -> Int {
        alpha.kernel.namespace(.named("skein-\(network.short)"))?.sockets.count ?? 0
    }

    @Test func `are answered by the next life while the store is away, and nothing else is done`() async throws {
        let (first, other) = (try alpha.worker(on: store), try beta.worker(on: store))
        let network = try await running(first, other) {
            let network = try await first.network("multi")
            _ = try await first.sandbox("rose", on: "multi")
            _ = try await other.sandbox("lily", on: "multi")
            try await eventually("both are remembered") { remembered?.endpoints.count == 2 }
            return network
        }
        #expect(remembered?.networks.map(\.id) == [network])
        #expect(remembered?.nodes.count == 2)
        store.leave()
        let (open, writes) = (sockets(of: network), alpha.kernel.writes)
        let second = try alpha.worker(on: store)
        try await running(second) {
            try await eventually("names are asked for again") { sockets(of: network) > open }
            #expect(alpha.kernel.writes == writes)
            #expect(await second.backend.status().storeFault != nil)
            store.comeBack()
            try await eventually("it may write") { (try? await second.sandbox("iris", on: "multi")) != nil }
        }
    }

    @Test func `go when the store has them no more`() throws {
        let node = try NodeID(String(repeating: "a", count: 64))
        let network = NetworkRecord(
            id: try NetworkID(String(repeating: "b", count: 64)), name: "multi", driver: .overlay, vni: nil, subnets: [],
            ipamDriver: "default", options: [:], labels: [:], isInternal: false, isAttachable: false, created: FixedTime().now())
        let view = RememberedView(networks: [network])
        #expect(view.changes.count == 1)
        #expect(view.withdrawals(besides: ScopeView(of: node) { _ in }) == [.network(network.id, nil)])
    }

    @Test func `are none when the file is damaged`() throws {
        let folder = try TemporaryFolder()
        let file = DurableFile(path: folder.file("names.json"))
        #expect(RememberedView.read(file) == nil)
        try file.write("{\"nodes\":")
        #expect(RememberedView.read(file) == nil)
        try RememberedView().write(to: file)
        #expect(RememberedView.read(file) == RememberedView())
    }
}
