import ClusterCatalog
import ClusterStore
import EngineAPI
import KernelNetwork
import NetworkModel
import TestSupport
import Testing
import WorkerAPI

@testable import WorkerService

@Suite(.timeLimit(.minutes(1))) struct `A worker's sandboxes` {
    private let store = InMemoryStore()
    private let alpha = Host(1)
    private let beta = Host(2)

    @Test func `are programmed on every host that takes part in their network`() async throws {
        let (first, second) = (try alpha.worker(on: store), try beta.worker(on: store))
        try await running(first, second) {
            let network = try await first.network("multi")
            let rose = try await first.sandbox("rose", on: "multi")
            let lily = try await second.sandbox("lily", on: "multi")
            let addresses = Set([rose, lily].flatMap { $0.attachments.flatMap(\.endpoint.addresses) })
            #expect(addresses.count == 2)
            try await eventually("both hosts have both neighbours", within: .seconds(5)) {
                alpha.neighbours(in: network) == addresses && beta.neighbours(in: network) == addresses
            }
        }
    }
}
