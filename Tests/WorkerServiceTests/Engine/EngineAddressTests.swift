import ClusterCatalog
import ClusterStore
import DriverAPI
import NetworkModel
import TestSupport
import Testing

@testable import WorkerService

@Suite(.timeLimit(.minutes(1))) struct `The IPAM driver of an engine` {
    private let store = InMemoryStore()
    private let alpha = Host(1, hasEngine: true)

    private func pool(_ text: String, range: String? = nil, options: [String: String] = [:]) throws -> PoolRequest {
        PoolRequest(family: .v4, pool: try Subnet(text), subPool: try range.map { try Subnet($0) }, options: options)
    }

    private func pool(_ text: String) throws -> PoolRequest { try pool(text, range: nil) }

    @Test func `gives each new network a pool of its own, though nothing is recorded yet`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            _ = try await worker.network("multi")
            let addresses = try #require(worker.engine).addresses
            let pools = [
                try await addresses.requestPool(PoolRequest(family: .v4)), try await addresses.requestPool(PoolRequest(family: .v4)),
            ].map(\.id.pool.description)
            #expect(pools == ["10.0.1.0/24", "10.0.2.0/24"])
            await addresses.releasePool(PoolID(try Subnet("10.0.1.0/24")))
            #expect(try await addresses.requestPool(PoolRequest(family: .v4)).id.pool.description == "10.0.1.0/24")
            let six = try await addresses.requestPool(PoolRequest(family: .v6)).id.pool
            #expect(six.family == .v6 && six.prefixLength == 64 && six.base.bytes[0] == 0xfd)
        }
    }

    @Test func `refuses pools that are in the way, by name, and gives the same one again to who asks again`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            _ = try await worker.network("multi", subnet: "10.7.0.0/16")
            let addresses = try #require(worker.engine).addresses
            let wanted = try pool("10.8.0.0/24", range: "10.8.0.128/25")
            let given = try await addresses.requestPool(wanted)
            #expect(given.id.description == "skein/10.8.0.0/24/10.8.0.128/25")
            #expect(try await addresses.requestPool(wanted) == given)
            for (request, text) in [
                (try pool("10.7.1.0/24"), "network multi has 10.7.0.0/16"), (try pool("10.8.0.0/16"), "Pool overlaps with other one"),
                (try pool("10.9.0.0/24", range: "10.10.0.0/25"), "parent subnet 10.9.0.0/24 doesn't contain ip-range"),
                (try pool("10.9.0.0/24", options: ["colour": "red"]), "ipam option \"colour\" is not supported"),
                (try pool("10.9.0.0/24", options: [EngineOption.network: "ff"]), "network ff is not one of the cluster's"),
            ] {
                let fault = await refusal { _ = try await addresses.requestPool(request) }
                #expect(fault?.message.contains(text) == true, "\(fault?.message ?? "not refused")")
            }
        }
    }

    @Test func `answers the gateway and auxiliary addresses of a new network by itself`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            let addresses = try #require(worker.engine).addresses
            let id = try await addresses.requestPool(try pool("10.8.0.0/24")).id
            let gateway = try await addresses.requestAddress(AddressRequest(pool: id, isGateway: true))
            #expect(gateway == IPAddress(10, 8, 0, 1))
            #expect(try await addresses.requestAddress(AddressRequest(pool: id, isGateway: true)) == gateway)
            let printer = IPAddress(10, 8, 0, 9)
            #expect(try await addresses.requestAddress(AddressRequest(pool: id, address: printer)) == printer)
            for (request, text) in [
                (AddressRequest(pool: id, address: gateway), "10.8.0.1 is the gateway of pool 10.8.0.0/24"),
                (AddressRequest(pool: id, address: printer, isGateway: true), "failed to allocate gateway (10.8.0.9)"),
            ] {
                let fault = await refusal { _ = try await addresses.requestAddress(request) }
                #expect(fault?.message.contains(text) == true, "\(fault?.message ?? "not refused")")
            }
            #expect(try await store.list([CatalogKeys.addresses]).entries.isEmpty)
        }
    }

    @Test func `answers what the record of a network holds without the store`() async throws {
        let away = AwayStore(store)
        let worker = try alpha.worker(on: away)
        try await running(worker) {
            let network = try await worker.network("multi", subnet: "10.7.0.0/16")
            try await eventually("the mirror has it") {
                let mirror = worker.backend.scopes.global.mirror
                let isKnown = await !mirror.networks.isEmpty
                return await mirror.isInSync && isKnown
            }
            away.leave()
            let addresses = try #require(worker.engine).addresses
            let options = [EngineOption.network: network.rawValue]
            let granted = try await addresses.requestPool(PoolRequest(family: .v4, options: options))
            #expect(granted == GrantedPool(PoolID(try Subnet("10.7.0.0/16")), gateway: IPAddress(10, 7, 0, 1)))
            #expect(try await addresses.requestAddress(AddressRequest(pool: granted.id, isGateway: true)) == granted.gateway)
            let other = AddressRequest(pool: granted.id, address: IPAddress(10, 7, 0, 9), isGateway: true)
            let fault = await refusal { _ = try await addresses.requestAddress(other) }
            #expect(fault?.message == "the gateway of network multi is 10.7.0.1 on every host, and cannot be 10.7.0.9 here")
        }
    }

    @Test func `reserves addresses that no endpoint has, and frees them when it is told to`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            let network = try await worker.network("multi", subnet: "10.0.0.0/24")
            let hands = try await EngineHands(worker, twin: "a1", of: network)
            let addresses = hands.side.addresses
            let first = try await addresses.requestAddress(AddressRequest(pool: hands.pool))
            let second = try await addresses.requestAddress(AddressRequest(pool: hands.pool))
            let chosen = IPAddress(10, 0, 0, 77)
            #expect(try await addresses.requestAddress(AddressRequest(pool: hands.pool, address: chosen)) == chosen)
            #expect([first, second] == [IPAddress(10, 0, 0, 2), IPAddress(10, 0, 0, 3)])
            #expect(try await AddressBook(store, of: network).used == [first, second, chosen])
            await addresses.releaseAddress(second, of: hands.pool)
            #expect(try await AddressBook(store, of: network).used == [first, chosen])
        }
    }

    @Test func `frees addresses that no endpoint takes (lesson 3)`() async throws {
        let worker = try alpha.worker(on: store, reservation: .seconds(1))
        try await running(worker) {
            let network = try await worker.network("multi")
            let hands = try await EngineHands(worker, twin: "a1", of: network)
            for _ in 0..<3 { _ = try await hands.side.addresses.requestAddress(AddressRequest(pool: hands.pool)) }
            try await eventually("they are freed") { try await AddressBook(store, of: network).used.isEmpty }
        }
    }

    @Test func `gives a container its address again where it can be told`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            let network = try await worker.network("multi")
            let hands = try await EngineHands(worker, twin: "a1", of: network)
            let containers = [try EngineContainer("e1"), try EngineContainer("e2"), try EngineContainer("e3")]
            for container in containers { try await container.perform(EngineContainer.start, by: hands) }
            let before = [await containers[1].address, await containers[0].address]
            for container in [containers[0], containers[1]] { try await container.perform(EngineContainer.stop, by: hands) }
            // The one that was stopped last is the one that is most likely restarted.
            let again = [try EngineContainer("e4"), try EngineContainer("e5")]
            for container in again { try await container.perform(EngineContainer.start, by: hands) }
            #expect([await again[0].address, await again[1].address] == before)
            // A container that was removed is not restarted.
            for container in again { try await container.perform(EngineContainer.stop, by: hands) }
            await hands.side.addresses.take(.removed(try SandboxID("e5")))
            let last = [try EngineContainer("e6"), try EngineContainer("e7")]
            for container in last { try await container.perform(EngineContainer.start, by: hands) }
            #expect(await last[0].address == before[0])
        }
    }

    @Test func `keeps for a container what its user chose, and has those first that an engine starts by itself (lesson 3)`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            let network = try await worker.network("multi", subnet: "10.0.0.0/24")
            let hands = try await EngineHands(worker, twin: "a1", of: network)
            let containers = [try EngineContainer("e1"), try EngineContainer("e2"), try EngineContainer("e3")]
            for container in containers { try await container.perform(EngineContainer.start, by: hands) }
            let (chosen, own) = (try #require(await containers[0].address), await containers[1].address)
            try await hands.side.journal.setHabit(ContainerHabit(startsAgain: true, chosen: [chosen]), of: try SandboxID("e1"))
            try await hands.side.journal.setHabit(ContainerHabit(startsAgain: true), of: try SandboxID("e2"))
            await hands.side.addresses.take(.answers(false))
            for container in containers { try await container.perform(EngineContainer.stop, by: hands) }
            let again = try EngineContainer("e4")
            try await again.perform(EngineContainer.start, by: hands)
            #expect(await again.address == own)
            // The user restarts the one that was stopped last, and makes another.
            await hands.side.addresses.take(.answers(true))
            let others = [try EngineContainer("e5"), try EngineContainer("e6")]
            for container in others { try await container.perform(EngineContainer.start, by: hands) }
            #expect([await others[0].address, await others[1].address] == [await containers[2].address, IPAddress(10, 0, 0, 5)])
            #expect(try await hands.side.addresses.requestAddress(AddressRequest(pool: hands.pool, address: chosen)) == chosen)
        }
    }

    @Test func `gives what a user chose to others when nothing else is left`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            let network = try await worker.network("small", subnet: "10.0.0.0/30")
            let hands = try await EngineHands(worker, twin: "a1", of: network)
            try await hands.side.journal.setHabit(
                ContainerHabit(startsAgain: false, chosen: [IPAddress(10, 0, 0, 2)]), of: try SandboxID("e1"))
            #expect(try await hands.side.addresses.requestAddress(AddressRequest(pool: hands.pool)) == IPAddress(10, 0, 0, 2))
        }
    }

    @Test func `gives a container whose name it is told the address of that name (lesson 4)`() async throws {
        let worker = try alpha.worker(on: store)
        try await running(worker) {
            let network = try await worker.network("multi")
            let hands = try await EngineHands(worker, twin: "a1", of: network)
            let (first, second) = (try EngineContainer("e1", name: "e1"), try EngineContainer("e2", name: "e2"))
            for container in [first, second] { try await container.perform(EngineContainer.start, by: hands) }
            let before = await second.address
            for container in [first, second] { try await container.perform(EngineContainer.stop, by: hands) }
            let other = try EngineContainer("e3", name: "other")
            try await other.perform(EngineContainer.start, by: hands)
            #expect(await other.address == IPAddress(10, 0, 0, 4))
            let again = try EngineContainer("e4", name: "E2")
            try await again.perform(EngineContainer.start, by: hands)
            #expect(await again.address == before)
        }
    }
}
