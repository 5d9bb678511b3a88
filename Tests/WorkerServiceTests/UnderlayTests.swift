import ClusterCatalog
import ClusterStore
import FakeKernel
import KernelNetwork
import NetworkModel
import ServiceLifecycle
import TestSupport
import Testing
import WorkerAPI

@testable import WorkerService

/// Lesson 15: the host's own network changes under a worker that runs.
@Suite(.timeLimit(.minutes(1))) struct `A host whose network changes` {
    private let memory = InMemoryStore()
    private let alpha = Host(1)
    private let beta = Host(2)

    private func record(of host: Host) async throws -> NodeRecord {
        let entry = try #require(try await memory.get(CatalogKeys.node(host.node)))
        return try CatalogEntry<NodeRecord>(entry).record
    }

    private func setAddress(_ number: UInt8, of host: Host) throws {
        let address = IPAddress(10, 97, 0, number)
        try host.kernel.tamper(in: .host) { space in
            space.addresses = space.addresses.filter { $0.link != "eth0" }
            space.addresses.insert(
                AddressEntry(link: "eth0", address: InterfaceAddress(address, in: Subnet(containing: address, prefixLength: 24))))
        }
    }

    /// Where a host sends what it has for others.
    private func vteps(of network: NetworkID, on host: Host) -> Set<IPAddress> {
        Set((host.kernel.namespace(.named("skein-\(network.short)"))?.forwarding["vxlan0"] ?? [:]).values)
    }

    @Test func `is known at its new address, and its peers send there`() async throws {
        let (first, second) = (try alpha.worker(on: memory), try beta.worker(on: memory))
        try await running(first, second) {
            let network = try await first.network("multi")
            let rose = try await first.sandbox("rose", on: "multi")
            _ = try await second.sandbox("lily", on: "multi")
            try await eventually("lily's host knows where rose is") { vteps(of: network, on: beta) == [alpha.vtep] }
            try setAddress(11, of: alpha)
            try await eventually("the cluster knows it") { try await record(of: alpha).vtep == IPAddress(10, 97, 0, 11) }
            try await eventually("lily's host sends there") { vteps(of: network, on: beta) == [IPAddress(10, 97, 0, 11)] }
            #expect(try await record(of: alpha).advertise == "10.97.0.11:2376")
            #expect(try await record(of: alpha).epoch == Epoch(1))
            #expect(try await first.backend.sandbox(matching: "rose").attachments.map(\.endpoint) == rose.attachments.map(\.endpoint))
            _ = try await first.sandbox("iris", on: "multi")
        }
    }

    @Test func `tells the routes that it has now (lesson 26)`() async throws {
        let worker = try alpha.worker(on: memory)
        try await running(worker) {
            _ = try await worker.sandbox("rose")
            let route = try Subnet("172.20.0.0/16")
            try alpha.kernel.tamper(in: .host) { $0.routes.insert(RouteEntry(destination: route, gateway: nil, link: "eth0")) }
            try await eventually("the cluster knows the route") { try await record(of: alpha).hostRoutes.contains(route) }
        }
    }

    @Test func `stays what it was while it has no address`() async throws {
        let worker = try alpha.worker(on: memory)
        try await running(worker) {
            _ = try await worker.sandbox("rose")
            try alpha.kernel.tamper(in: .host) { $0.addresses = [] }
            try await eventually("it is looked at again") { alpha.kernel.calls(.dump) > 4 }
            try setAddress(12, of: alpha)
            try await eventually("the new address is told") { try await record(of: alpha).vtep == IPAddress(10, 97, 0, 12) }
        }
    }

    @Test func `ends when another host has taken its id meanwhile`() async throws {
        let worker = try alpha.worker(on: memory)
        let refusal = await refusal {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await ServiceGroup(services: worker.services, logger: quiet).run() }
                _ = try await worker.sandbox("rose")
                var other = try await record(of: alpha)
                other.epoch = Epoch(7)
                let catalog = worker.backend.scopes.global.catalog
                let lease = try await catalog.grantLease(lasting: .seconds(60))
                _ = try await catalog.join(other, holding: lease)
                try setAddress(13, of: alpha)
                try await group.waitForAll()
            }
        }
        #expect(refusal?.message.contains("later life of its worker") == true, "\(refusal?.message ?? "none")")
    }
}
