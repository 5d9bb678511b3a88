import ClusterCatalog
import ClusterStore
import DesiredState
import DriverAPI
import FakeKernel
import KernelNetwork
import NetworkModel
import TestSupport
import Testing

@testable import WorkerService

@Suite(.timeLimit(.minutes(2))) struct `The network driver of an engine` {
    private let store = InMemoryStore()
    private let alpha = Host(1, hasEngine: true)
    private let beta = Host(2, hasEngine: true)
    private let web = PublishedPort(TransportPort(.tcp, 80))

    @Test func `attaches containers of several engines to one network and detaches them`() async throws {
        let (first, second) = (try alpha.worker(on: store), try beta.worker(on: store))
        try await running(first, second) {
            let network = try await first.network("multi")
            let rose = (hands: try await EngineHands(first, twin: "a1", of: network), container: try EngineContainer("e1", ports: [web]))
            let lily = (hands: try await EngineHands(second, twin: "b1", of: network), container: try EngineContainer("e2"))
            for (hands, container) in [rose, lily] { try await container.perform(EngineContainer.start, by: hands) }
            let interface = try #require(await rose.container.interface)
            #expect(
                interface
                    == JoinedInterface(
                        device: KernelNames.engineDevice(of: rose.container.endpoint), gateways: [IPAddress(10, 0, 0, 1)],
                        routes: [JoinedInterface.Route(to: try Subnet("169.254.53.53/32"))]))
            #expect(alpha.kernel.namespace(.host)?.links[interface.device] != nil)
            let addresses = Set([await rose.container.address, await lily.container.address].compactMap(\.self))
            #expect(addresses.count == 2)
            try await eventually("both hosts have both neighbours") {
                alpha.neighbours(in: network) == addresses && beta.neighbours(in: network) == addresses
            }
            for (hands, container) in [rose, lily] { try await container.perform(EngineContainer.stop, by: hands) }
            let book = try await AddressBook(store, of: network)
            #expect(book.used.isEmpty && book.ofEndpoints.isEmpty)
            #expect(await first.engine?.journal.ports.isEmpty == true)
        }
    }

    @Test func `may be told everything twice (lesson 8)`() async throws {
        let worker = try alpha.worker(on: store, reservation: .seconds(1))
        try await running(worker) {
            let network = try await worker.network("multi")
            let hands = try await EngineHands(worker, twin: "a1", of: network)
            _ = try await EngineHands(worker, twin: "a1", of: network)
            let container = try EngineContainer("e1", ports: [web])
            for step in EngineContainer.start {
                try await container.perform(step, by: hands)
                try await container.perform(step, by: hands)
            }
            let address = try #require(await container.address)
            // A request that was repeated left an address that nobody takes.
            try await eventually("only what is used is taken") { try await AddressBook(store, of: network).used == [address] }
            #expect(try await AddressBook(store, of: network).ofEndpoints == [address])
            for step in EngineContainer.stop {
                try await container.perform(step, by: hands)
                try await container.perform(step, by: hands)
            }
            #expect(try await AddressBook(store, of: network).used.isEmpty)
            try await hands.side.driver.deleteNetwork(hands.network)
            try await hands.side.driver.deleteNetwork(hands.network)
            #expect(try await store.list([CatalogKeys.networks]).entries.isEmpty)
        }
    }

    @Test(arguments: 0..<EngineContainer.Step.allCases.count - 1)
    func `may be told things in another order (lesson 8)`(early: Int) async throws {
        let worker = try alpha.worker(on: store, reservation: .seconds(1))
        try await running(worker) {
            let network = try await worker.network("multi")
            let hands = try await EngineHands(worker, twin: "a1", of: network)
            let container = try EngineContainer("e1", ports: [web])
            let orderly = EngineContainer.Step.allCases
            var steps = orderly
            steps.swapAt(early, early + 1)
            for step in steps {
                let fault = await refusal { try await container.perform(step, by: hands) }
                #expect(fault == nil || fault?.kind == .notFound, "\(step) after \(steps): \(fault?.message ?? "")")
            }
            // Whatever that has left, the next life of the same container is as any other, and leaves nothing.
            try await container.perform(orderly, by: hands)
            try await eventually("no address is left") { try await AddressBook(store, of: network).used.isEmpty }
            #expect(try await AddressBook(store, of: network).ofEndpoints.isEmpty)
            #expect(await hands.side.journal.ports.isEmpty)
        }
    }

    @Test func `refuses what nobody has told it, by name`() async throws {
        let worker = try alpha.worker(on: store, enginePatience: .milliseconds(50))
        try await running(worker) {
            let side = try #require(worker.engine)
            let reference = EndpointReference(network: try EngineNetworkID("a1"), endpoint: try EndpointID("e1"))
            let joining = SandboxJoining(endpoint: reference, sandboxPath: "/s")
            for (fault, text) in [
                (await refusal { _ = try await side.driver.join(joining) }, "endpoint e1 is not known on network a1"),
                (await refusal { _ = try await side.driver.details(of: reference) }, "endpoint e1 is not known on network a1"),
                (await refusal { try await side.driver.publish(EndpointOptions(), of: reference) }, "endpoint e1 is not known"),
                (
                    await refusal { _ = try await side.driver.createEndpoint(EngineEndpoint(reference: reference)) },
                    "network a1 of this engine is not one of the cluster's yet"
                ),
                (
                    await refusal {
                        try await side.driver.createNetwork(EngineNetwork(id: reference.network, options: [EngineOption.network: "ff"]))
                    }, "network ff is not one of the cluster's"
                ),
                (
                    await refusal { try await side.driver.createNetwork(EngineNetwork(id: reference.network, options: ["colour": "red"])) },
                    "option \"colour\" is not supported"
                ),
            ] {
                #expect(fault?.message.contains(text) == true, "\(fault?.message ?? "not refused")")
            }
        }
    }

    @Test func `waits for a network that the engine has only just made`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            let side = try #require(worker.engine)
            let id = try EngineNetworkID(String(repeating: "a", count: 64))
            let pool = try await side.addresses.requestPool(PoolRequest(family: .v4))
            let gateway = try await side.addresses.requestAddress(AddressRequest(pool: pool.id, isGateway: true))
            try await side.driver.createNetwork(EngineNetwork(id: id, subnets: [SubnetRecord(pool: pool.id.pool, gateway: gateway)]))
            let hands = try EngineHands(worker, knowing: id.rawValue, pool.id)
            let container = try EngineContainer("e1")
            async let attached: Void = container.perform([.request, .create], by: hands)
            // Meanwhile the name was asked for.
            let subnet = SubnetRecord(pool: pool.id.pool, gateway: gateway)
            let record = try await side.driver.view.global.catalog.createNetwork(
                NetworkRequest(id: try NetworkID(id.rawValue), name: "multi", subnets: [subnet]))
            try await side.journal.setNetwork(record.record.id, of: id)
            try await attached
            #expect(try await AddressBook(store, of: record.record.id).ofEndpoints.count == 1)
        }
    }

    @Test func `gives each network of a container a route of its own to where names are asked for`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            let side = try #require(worker.engine)
            var lengths: [Int] = []
            for name in ["1", "2"] {
                let record = try await side.driver.view.global.catalog.createNetwork(NetworkRequest(name: name, isInternal: name == "1"))
                let hands = try await EngineHands(worker, twin: "a\(name)", of: record.record.id)
                let container = try EngineContainer("e\(name)")
                try await container.perform([.request, .create], by: hands)
                let joining = SandboxJoining(
                    endpoint: EndpointReference(network: hands.network, endpoint: container.endpoint), sandboxPath: "/s")
                let interface = try await side.driver.join(joining)
                #expect(try await side.driver.join(joining) == interface)
                #expect(
                    interface.gateways.isEmpty == (name == "1") && interface.routes.allSatisfy { $0.destination.contains(.nameService) })
                lengths += interface.routes.map(\.destination.prefixLength)
            }
            #expect(lengths == [32, 31])
        }
    }

    @Test func `removes a network everywhere unless it is in use, or the worker itself removes it from its engine`() async throws {
        let (first, second) = (try alpha.worker(on: store), try beta.worker(on: store))
        try await running(first, second) {
            let network = try await first.network("multi")
            let here = try await EngineHands(first, twin: "a1", of: network)
            let there = try await EngineHands(second, twin: "b1", of: network)
            let container = try EngineContainer("e1")
            try await container.perform([.request, .create], by: there)
            let fault = await refusal { try await here.side.driver.deleteNetwork(here.network) }
            #expect(fault?.message.contains("network multi has active endpoints") == true, "\(fault?.message ?? "not refused")")
            #expect(await here.side.journal.networks.isEmpty)
            #expect(await here.side.journal.gone == [here.network])
            try await container.perform([.delete, .release], by: there)
            await there.side.journal.beginRemoving(there.network)
            try await there.side.driver.deleteNetwork(there.network)
            #expect(try await store.get(CatalogKeys.network(network)) != nil)
            let again = try await EngineHands(first, twin: "a2", of: network)
            try await again.side.driver.deleteNetwork(again.network)
            #expect(try await store.get(CatalogKeys.network(network)) == nil)
        }
    }
}
