import ClusterCatalog
import ClusterStore
import EngineClient
import FakeEngine
import NetworkModel
import Synchronization
import TestSupport
import Testing

@testable import WorkerService

@Suite(.timeLimit(.minutes(1))) struct `An engine's networks` {
    private func userNetwork(_ name: String, ipamDriver: String = "skein", pool: String, gateway: String? = nil) throws -> HostedNetworkSpec
    {
        HostedNetworkSpec(
            name: name, driver: "skein", ipamDriver: ipamDriver,
            subnets: [HostedSubnet(pool: try Subnet(pool), gateway: try gateway.map { try IPAddress($0) })])
    }

    @Test func `are those of the cluster, whether made before or after the engine came`() async throws {
        let rig = try await EngineRig()
        let early = try await rig.network("early")
        rig.engine.fail(with: EngineError(.unavailable, "not started"))
        try await rig.running(rig.networks) {
            try await eventually("it is told that the engine is away") { rig.status.report.fault == "not started" }
            rig.engine.fail(with: nil)
            try await eventually("the engine has it") { rig.onEngine == ["early"] }
            #expect(rig.status.report.fault == nil)
            let late = try await rig.network("late", subnet: "10.77.0.0/16")
            try await eventually("the engine has the other") { rig.onEngine == ["early", "late"] }
            let twin = try #require(rig.twin(of: late))
            #expect(twin.spec == HostedNetworkSpec(twinOf: late))
            try await eventually("the journal knows it") { await rig.journal.network(of: twin.id) == late.id }
            try await rig.catalog.removeNetwork(early.id)
            try await eventually("it is gone from the engine") { rig.onEngine == ["late"] }
            try await eventually("the journal has forgotten it") { await rig.journal.networks.count == 1 }
        }
    }

    @Test func `that a user makes with our addresses become the cluster's under their id`() async throws {
        let rig = try await EngineRig()
        try await rig.running(rig.networks) {
            let id = try await rig.engine.createNetwork(try userNetwork("multi", pool: "10.77.0.0/16"))
            try await eventually("it is recorded") { try await rig.recorded() == ["multi"] }
            try await eventually("the journal knows it") { await rig.journal.network(of: id)?.rawValue == id.rawValue }
            let record = try #require(try await rig.catalog.network(try NetworkID(id.rawValue))?.record)
            #expect(record.subnets.map(\.pool) == [try Subnet("10.77.0.0/16")])
            #expect(rig.engine.networks.map(\.id) == [id])
            #expect(rig.status.report.troubles.isEmpty)
        }
    }

    @Test(arguments: [("172.18.0.0/16", "172.18.0.1", "10.0.0.0/24"), ("10.88.0.0/16", nil, "10.88.0.0/16")])
    func `that a user makes with the engine's addresses are replaced`(pool: String, gateway: String?, expected: String) async throws {
        let rig = try await EngineRig()
        try await rig.running(rig.networks) {
            let id = try await rig.engine.createNetwork(try userNetwork("multi", ipamDriver: "default", pool: pool, gateway: gateway))
            try await eventually("the cluster's is there in its place") {
                rig.engine.networks.count == 1 && rig.engine.networks.first?.id != id
            }
            let record = try await rig.catalog.network(matching: "multi").record
            #expect(record.subnets.map(\.pool) == [try Subnet(expected)])
            #expect(rig.twin(of: record)?.spec == HostedNetworkSpec(twinOf: record))
            #expect(rig.status.report.troubles.isEmpty)
        }
    }

    @Test func `of one name made at two engines at once end as one, with one error`() async throws {
        let rig = try await EngineRig()
        let winner = try await rig.network("multi")
        // The twin is not made before the user has made his own.
        let id = try await rig.engine.createNetwork(try userNetwork("multi", pool: "10.77.0.0/16"))
        try await rig.running(rig.networks) {
            try await eventually("the winner's twin is there") { rig.twin(of: winner) != nil }
            try await eventually("the error is told") { rig.status.report.troubles.count == 1 }
            #expect(rig.engine.networks.count == 1)
            #expect(rig.engine.networks.first?.id != id)
            #expect(try await rig.recorded() == ["multi"])
            let trouble = try #require(rig.status.report.troubles.first)
            #expect(trouble.contains("network multi was made at this engine while the cluster had one of that name"))
            #expect(trouble.contains(winner.id.short))
        }
    }

    @Test func `that overlap are removed from the engine, with an error`() async throws {
        let rig = try await EngineRig()
        _ = try await rig.network("holder", subnet: "10.77.0.0/16")
        try await rig.running(rig.networks) {
            _ = try await rig.engine.createNetwork(try userNetwork("multi", pool: "10.77.8.0/24"))
            try await eventually("it is removed") { rig.onEngine == ["holder"] }
            try await eventually("the error is told") {
                rig.status.report.troubles.contains { $0.contains("network multi, made at this engine, was removed from it again: ") }
            }
            #expect(try await rig.recorded() == ["holder"])
        }
    }

    @Test func `whose pool nobody chose get another when it is taken meanwhile`() async throws {
        let rig = try await EngineRig()
        _ = try await rig.network("holder", subnet: "10.0.0.0/16")
        try await rig.running(rig.networks) {
            _ = try await rig.engine.createNetwork(try userNetwork("multi", pool: "10.0.3.0/24", gateway: "10.0.3.1"))
            try await eventually("both are there") { rig.onEngine == ["holder", "multi"] }
            let record = try await rig.catalog.network(matching: "multi").record
            #expect(record.subnets.map(\.pool) == [try Subnet("10.1.0.0/24")])
            #expect(rig.twin(of: record) != nil)
        }
    }

    @Test func `leave a user's own network of the same name alone, and say so once`() async throws {
        let rig = try await EngineRig()
        let id = try await rig.engine.createNetwork(HostedNetworkSpec(name: "multi", driver: "bridge"))
        let record = try await rig.network("multi")
        try await rig.running(rig.networks) {
            try await eventually("it is told") { !rig.status.report.troubles.isEmpty }
            #expect(rig.engine.networks.map(\.id) == [id])
            #expect(rig.status.report.troubles.first?.contains("network multi of the cluster cannot be made on this engine") == true)
            try await rig.engine.removeNetwork(id)
            try await eventually("the cluster's takes its place") { rig.twin(of: record) != nil }
            try await eventually("the trouble is over") { rig.status.report.troubles.isEmpty }
        }
    }

    @Test func `are removed by the worker without removing the cluster's`() async throws {
        let rig = try await EngineRig()
        let seen = Mutex<[Bool]>([])
        rig.engine.call { call in
            guard case .deleteNetwork(let id) = call else { return }
            let isOurs = await rig.journal.removing.contains(id)
            seen.withLock { $0.append(isOurs) }
        }
        try await rig.running(rig.networks) {
            _ = try await rig.engine.createNetwork(try userNetwork("multi", ipamDriver: "default", pool: "10.88.0.0/16"))
            try await eventually("it is replaced") { seen.withLock { $0 } == [true] }
            try await eventually("it is over") { await rig.journal.removing.isEmpty }
        }
    }

    @Test func `stay when the mirror is told that they are gone, and the store still has them`() async throws {
        let rig = try await EngineRig()
        let record = try await rig.network("multi")
        try await rig.running(rig.networks) {
            try await eventually("it is there") { rig.twin(of: record) != nil }
            let twin = rig.twin(of: record)
            let end = try await rig.store.list([]).revision
            rig.lies.tell(.snapshot(StoreSnapshot(revision: end, entries: [])), of: CatalogKeys.networks)
            try await eventually("the mirror believes it") { await rig.global.mirror.networks.isEmpty }
            // What is asked for afterwards is done after the network was looked at.
            _ = try await rig.network("other")
            try await eventually("the next is there") { rig.onEngine.contains("other") }
            #expect(rig.twin(of: record) == twin)
            #expect(!rig.engine.calls.contains { if case .deleteNetwork = $0 { true } else { false } })
        }
    }

    @Test func `are taken up when the store answers again`() async throws {
        let rig = try await EngineRig()
        try await rig.running(rig.networks) {
            await rig.global.mirror.synchronised()
            rig.store.leave()
            let id = try await rig.engine.createNetwork(try userNetwork("multi", pool: "10.77.0.0/16"))
            try await eventually("the trouble is told") {
                rig.status.report.troubles.contains { $0.contains("cannot be recorded in the cluster yet") }
            }
            #expect(rig.engine.networks.map(\.id) == [id], "the user's network waits")
            rig.store.comeBack()
            try await eventually("it is recorded") { await rig.journal.network(of: id)?.rawValue == id.rawValue }
            try await eventually("the trouble is over") { rig.status.report.troubles.isEmpty }
        }
    }

    @Test func `that their user removes while they are being recorded leave nothing in the cluster`() async throws {
        let rig = try await EngineRig()
        try await rig.running(rig.networks) {
            await rig.global.mirror.synchronised()
            rig.store.leave()
            let id = try await rig.engine.createNetwork(try userNetwork("multi", pool: "10.77.0.0/16"))
            try await eventually("the trouble is told") { !rig.status.report.troubles.isEmpty }
            // As the driver does when it finds nothing to remove; the engine lists it still.
            try await rig.journal.forgetNetwork(id)
            rig.store.comeBack()
            _ = try await rig.network("other")
            try await eventually("the engine was looked at") { rig.onEngine.contains("other") }
            #expect(try await rig.recorded() == ["other"])
        }
    }

    @Test func `that their user removes at the very moment of their recording leave nothing either`() async throws {
        let rig = try await EngineRig()
        try await rig.running(rig.networks) {
            await rig.global.mirror.synchronised()
            let id = try EngineNetworkID(String(repeating: "e", count: 64))
            // The driver finds nothing to remove yet.
            rig.lies.beforeCommits { await rig.journal.noteDeletion(of: id) }
            rig.engine.put(try userNetwork("multi", pool: "10.77.0.0/16"), as: id)
            rig.engine.tell(.networkCreated(id, name: "multi", driver: "skein"))
            try await eventually("it was recorded") { await rig.journal.gone.contains(id) }
            try await eventually("it is removed again") { try await rig.recorded().isEmpty }
            #expect(await rig.journal.networks.isEmpty)
        }
    }

    @Test func `come back when the engine has removed one that is in use elsewhere`() async throws {
        let rig = try await EngineRig()
        let record = try await rig.network("multi")
        try await rig.running(rig.networks) {
            try await eventually("it is there") { rig.twin(of: record) != nil }
            let twin = try #require(rig.twin(of: record))
            try await rig.engine.removeNetwork(twin.id)
            try await eventually("it is there again") { rig.twin(of: record).map { $0.id != twin.id } ?? false }
        }
    }
}
