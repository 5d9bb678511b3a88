import ClusterCatalog
import ClusterStore
import DriverAPI
import FakeKernel
import NetworkModel
import TestSupport
import Testing

@testable import WorkerService

/// What becomes of an engine's containers when a store, a worker or a host dies.
@Suite(.timeLimit(.minutes(2))) struct `An engine's containers` {
    private let memory = InMemoryStore()
    private let alpha = Host(1, hasEngine: true)
    private let beta = Host(2, hasEngine: true)

    @Test func `are refused with the cause while the store is away, and go all the same (lesson 10)`() async throws {
        let away = AwayStore(memory)
        let worker = try alpha.worker(on: away)
        try await running(worker) {
            let network = try await worker.network("multi")
            let hands = try await EngineHands(worker, twin: "a1", of: network)
            let container = try EngineContainer("e1")
            try await container.perform(EngineContainer.start, by: hands)
            let late = try EngineContainer("e2")
            try await late.perform(.request, by: hands)
            away.leave()
            let faults = [
                await refusal { try await late.perform(.create, by: hands) },
                await refusal { try await late.perform(.request, by: hands) },
                await refusal { _ = try await hands.side.addresses.requestPool(PoolRequest(family: .v4)) },
                await refusal { try await hands.side.driver.createNetwork(EngineNetwork(id: try EngineNetworkID("a2"))) },
            ]
            for fault in faults { #expect(fault?.message.contains("192.0.2.9:2379") == true, "\(fault?.message ?? "not refused")") }
            // What it has goes on, may join anew, and may go.
            try await container.perform([.create, .join, .unpublish, .leave, .delete, .release], by: hands)
            try await late.perform([.release], by: hands)
            away.comeBack()
            try await eventually("all of it is gone") {
                let book = try await AddressBook(memory, of: network)
                return book.used.isEmpty && book.ofEndpoints.isEmpty
            }
        }
    }

    @Test func `find their own addresses free when they start again in the moment in which the store is back`() async throws {
        let away = AwayStore(memory)
        let worker = try alpha.worker(on: away)
        try await running(worker) {
            let network = try await worker.network("multi")
            let hands = try await EngineHands(worker, twin: "a1", of: network)
            let container = try EngineContainer("e1")
            try await container.perform(EngineContainer.start, by: hands)
            let before = try #require(await container.address)
            away.leave()
            try await container.perform(EngineContainer.stop, by: hands)
            away.comeBack()
            let again = try EngineContainer("e2")
            try await again.perform(EngineContainer.start, by: hands)
            #expect(await again.address == before)
            try await again.perform(EngineContainer.stop, by: hands)
            try await eventually("no address is left") { try await AddressBook(memory, of: network).used.isEmpty }
        }
    }

    @Test func `are given up with the cause before the engine's patience ends (lesson 10)`() async throws {
        let clock = ManualClock()
        let worker = try alpha.worker(on: memory)
        let limit = CallLimit(
            global: worker.backend.scopes.global, dataplane: worker.backend.dataplane, clock: clock, whole: .milliseconds(800),
            patience: .milliseconds(700))
        async let fault = refusal { try await limit.run("a pool") { try await clock.sleep(for: .seconds(3600)) } }
        try await eventually("the call and its bound wait") { clock.sleepers == 2 }
        clock.advance(by: .milliseconds(800))
        #expect(await fault?.message == "a pool could not be done within 0.8 seconds: this node has not read yet what it holds")
        #expect(clock.sleepers == 0)
    }

    @Test func `are not left behind by an attach whose answer was lost (lesson 3)`() async throws {
        let away = AwayStore(memory)
        let worker = try alpha.worker(on: away)
        try await running(worker) {
            let network = try await worker.network("multi")
            let hands = try await EngineHands(worker, twin: "a1", of: network)
            for steps in [[EngineContainer.Step.request], [.request, .create]] {
                let container = try EngineContainer("e1")
                try await container.perform(Array(steps.dropLast()), by: hands)
                away.leaveInTheMiddle()
                #expect(await refusal { try await container.perform(steps.last ?? .request, by: hands) } != nil)
                #expect(try await !AddressBook(memory, of: network).used.isEmpty)
                away.comeBack()
                // The engine gives up the container: it takes the fault for nothing done.
                try await container.perform([.release], by: hands)
                try await eventually("nothing is left") {
                    let book = try await AddressBook(memory, of: network)
                    return book.used.isEmpty && book.ofEndpoints.isEmpty
                }
            }
        }
    }

    private func lease(of node: NodeID) async throws -> LeaseID? { try await memory.get(CatalogKeys.node(node))?.lease }

    @Test(arguments: 1...EngineContainer.Step.allCases.count)
    func `use exactly the addresses that they have, wherever their worker dies (lesson 3)`(steps: Int) async throws {
        let web = PublishedPort(TransportPort(.tcp, 80))
        let container = try EngineContainer("e1", ports: [web])
        let all = EngineContainer.Step.allCases
        let first = try alpha.worker(on: memory)
        let (network, pool, lease) = try await running(first) {
            let network = try await first.network("multi")
            let hands = try await EngineHands(first, twin: "a1", of: network)
            try await container.perform(Array(all.prefix(steps)), by: hands)
            return (network, hands.pool, try await self.lease(of: alpha.node))
        }
        let second = try alpha.worker(on: memory)
        try await running(second) {
            try await eventually("the node has joined again") { try await self.lease(of: alpha.node) != lease }
            // As it ends by itself when its life does not renew it.
            try await memory.revoke(try #require(lease))
            // The engine goes on where it was. It has nothing to say of an endpoint that it has not been answered for.
            let hands = try EngineHands(second, knowing: "a1", pool)
            if steps == 1 {
                try await container.perform(.release, by: hands)
            } else {
                try await container.perform(Array(all.dropFirst(steps)), by: hands)
            }
            try await eventually("no address is left") { try await AddressBook(memory, of: network).used.isEmpty }
            #expect(try await AddressBook(memory, of: network).ofEndpoints.isEmpty)
            #expect(await second.engine?.journal.ports.isEmpty == true)
        }
    }

    @Test func `keep their addresses, ports and names over the worker's death, and the name is theirs again at once (lesson 2)`()
        async throws
    {
        let web = PublishedPort(TransportPort(.tcp, 80))
        let container = try EngineContainer("e1", ports: [web])
        let first = try alpha.worker(on: memory)
        let (network, pool, ports) = try await running(first) {
            let network = try await first.network("multi")
            let hands = try await EngineHands(first, twin: "a1", of: network)
            try await container.perform(EngineContainer.start, by: hands)
            return (network, hands.pool, await hands.side.journal.ports(of: container.endpoint))
        }
        #expect(ports.count == 1)
        let second = try alpha.worker(on: memory)
        try await running(second) {
            let hands = try EngineHands(second, knowing: "a1", pool)
            try await eventually("the endpoint is this life's own") {
                try await memory.list([CatalogKeys.endpoints(of: network)]).entries.map {
                    try CatalogEntry<EndpointRecord>($0).record.epoch
                }
                    == [Epoch(2)]
            }
            #expect(await second.engine?.journal.ports(of: container.endpoint) == ports)
            #expect(try await AddressBook(memory, of: network).used == [try #require(await container.address)])
            // The same endpoint once more, as after an engine's own crash.
            try await container.perform([.create, .join, .publish], by: hands)
            #expect(await second.engine?.journal.ports(of: container.endpoint) == ports)
            try await container.perform(EngineContainer.stop, by: hands)
            #expect(try await AddressBook(memory, of: network).used.isEmpty)
        }
    }

    @Test func `start sixteen at once on two engines, and no address is given twice (lesson 4)`() async throws {
        let (first, second) = (try alpha.worker(on: memory), try beta.worker(on: memory))
        try await running(first, second) {
            let network = try await first.network("multi")
            let engines = [
                try await EngineHands(first, twin: "a1", of: network), try await EngineHands(second, twin: "b1", of: network),
            ]
            let containers = try (0..<16).map { try EngineContainer("e\($0)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, container) in containers.enumerated() {
                    group.addTask { try await container.perform(EngineContainer.start, by: engines[number % 2]) }
                }
                try await group.waitForAll()
            }
            let book = try await AddressBook(memory, of: network)
            #expect(book.used.count == 16)
            #expect(Set(book.ofEndpoints) == book.used && book.ofEndpoints.count == 16)
        }
    }
}
