import ClusterCatalog
import ClusterStore
import EngineClient
import FakeEngine
import FakeKernel
import KernelNetwork
import NetworkModel
import TestSupport
import Testing

@testable import WorkerService

@Suite(.timeLimit(.minutes(1))) struct `The names of an engine's containers` {
    @Test func `are their endpoints' once the engine tells, with aliases, links and the container itself`() async throws {
        let rig = try await EngineRig()
        let network = try await rig.network("multi")
        try await rig.running(rig.names()) {
            await rig.global.mirror.synchronised()
            let endpoint = try await rig.endpoint("a", on: network)
            let id = rig.run("c", "web", try rig.attachment(endpoint, aliases: ["www", "cccccccccccc"], links: ["store": "db"]))
            try await eventually("it is named") { try await rig.stored(endpoint, on: network)?.name.rawValue == "web" }
            let record = try #require(try await rig.stored(endpoint, on: network))
            #expect(record.aliases.map(\.rawValue) == ["www", "cccccccccccc"])
            #expect(record.links == ["store": try EndpointName("db")])
            #expect(record.sandbox.rawValue == id)
            let sandbox = try #require(try await rig.catalog.sandboxes(on: rig.claim.node).first?.record)
            #expect((sandbox.name.rawValue, sandbox.kind, sandbox.runtimeID, sandbox.labels) == ("web", .engine, id, ["l": "1"]))
            #expect(await rig.global.mirror.ownEndpoint(endpoint)?.record == record, "the mirror knows at once")

            rig.run("c", "www2", try rig.attachment(endpoint, aliases: ["cccccccccccc"]))
            try await eventually("it is renamed") { try await rig.stored(endpoint, on: network)?.name.rawValue == "www2" }
            #expect(try await rig.stored(endpoint, on: network)?.aliases.map(\.rawValue) == ["cccccccccccc"])
            try await eventually("the sandbox is renamed") { try await rig.sandboxes() == ["www2"] }
            let commits = rig.store.commits
            rig.engine.tell(.connected)
            rig.engine.tell(.containerChanged(id))
            rig.run("d", "last")
            try await eventually("all was looked at") { try await rig.sandboxes() == ["last", "www2"] }
            #expect(rig.store.commits == commits + 1, "what has not changed is not written")
        }
    }

    @Test func `are noted with what is to be known when the container starts again, until it is removed`() async throws {
        let rig = try await EngineRig()
        let network = try await rig.network("multi")
        try await rig.journal.setNetwork(network.id, of: try EngineNetworkID("1"))
        let removedMeanwhile = try SandboxID(String(repeating: "9", count: 64))
        try await rig.journal.setHabit(ContainerHabit(startsAgain: true), of: removedMeanwhile)
        let news = NewsLog()
        try await rig.running(rig.names { await news.add($0) }) {
            await rig.global.mirror.synchronised()
            let chosen = IPAddress(10, 0, 0, 9)
            let endpoint = try await rig.endpoint("a", on: network)
            let web = try SandboxID(rig.run("c", "web", try rig.attachment(endpoint, chosen: [chosen])))
            rig.run("d", "elsewhere", try rig.attachment(nil, on: "2", chosen: [chosen]))
            try await eventually("it is noted") {
                await rig.journal.habits == [web: ContainerHabit(startsAgain: false, chosen: [chosen])]
            }
            rig.run("c", "web", try rig.attachment(nil, chosen: [chosen]), isRunning: false)
            rig.run("e", "last")
            try await eventually("all was looked at") { try await rig.sandboxes().contains("last") }
            #expect(await rig.journal.habits.count == 1, "one that is stopped is remembered")
            rig.engine.drop(container: web.rawValue)
            rig.engine.tell(.containerGone(web.rawValue))
            try await eventually("it is forgotten") { await rig.journal.habits.isEmpty }
            #expect(await news.all == [.answers(true), .removed(removedMeanwhile), .removed(web)])
        }
    }

    @Test func `are told before the container runs, as soon as it has its endpoint`() async throws {
        let rig = try await EngineRig()
        let network = try await rig.network("multi")
        try await rig.running(rig.names()) {
            await rig.global.mirror.synchronised()
            let endpoint = try await rig.endpoint("a", on: network)
            rig.run("c", "web", try rig.attachment(endpoint), isRunning: false)
            try await eventually("it is named") { try await rig.stored(endpoint, on: network)?.name.rawValue == "web" }
        }
    }

    @Test func `are read from the engine when it is found, and kept while it is away`() async throws {
        let rig = try await EngineRig()
        let network = try await rig.network("multi")
        rig.engine.fail(with: EngineError(.unavailable, "not started"))
        try await rig.running(rig.names()) {
            await rig.global.mirror.synchronised()
            let endpoint = try await rig.endpoint("a", on: network)
            rig.run("c", "web", try rig.attachment(endpoint))
            rig.run("d", "alone")
            #expect(try await rig.sandboxes().isEmpty)
            rig.engine.fail(with: nil)
            try await eventually("both are known") { try await rig.knowsSandboxes(["alone", "web"]) }
            #expect(try await rig.stored(endpoint, on: network)?.name.rawValue == "web")
            // Gone while the engine was away.
            rig.engine.fail(with: EngineError(.unavailable, "away"))
            rig.engine.drop(container: String(repeating: "d", count: 64))
            #expect(try await rig.sandboxes() == ["alone", "web"])
            rig.engine.fail(with: nil)
            try await eventually("it is forgotten") { try await rig.sandboxes() == ["web"] }
        }
    }

    @Test func `that another endpoint has are left to it, with one error, until they are free`() async throws {
        let rig = try await EngineRig()
        let network = try await rig.network("multi")
        let holder = try await rig.holder(of: "web", on: network)
        try await rig.running(rig.names(every: .milliseconds(20))) {
            await rig.global.mirror.synchronised()
            let endpoint = try await rig.endpoint("a", on: network)
            let id = rig.run("c", "Web", try rig.attachment(endpoint, aliases: ["www"], links: ["s": "db"]))
            try await eventually("it has what it can have") { try await rig.stored(endpoint, on: network)?.sandbox.rawValue == id }
            let record = try #require(try await rig.stored(endpoint, on: network))
            #expect((record.name.rawValue, record.aliases.map(\.rawValue)) == ("aaaaaaaaaaaa", ["www"]))
            #expect(record.links == ["s": try EndpointName("db")])
            try await eventually("the error is told") { rig.status.report.troubles.count == 1 }
            let trouble = try #require(rig.status.report.troubles.first)
            #expect(trouble.contains("endpoint with name web already exists in network multi"))
            #expect(trouble.contains("host-b"))
            #expect(trouble.contains("container Web of this host is found by its aliases"))
            try await rig.catalog.detach(holder, as: rig.otherClaim)
            try await eventually("it takes the name") { try await rig.stored(endpoint, on: network)?.name.rawValue == "Web" }
            try await eventually("the trouble is over") { rig.status.report.troubles.isEmpty }
        }
    }

    @Test func `that DNS cannot have leave the short one`() async throws {
        let rig = try await EngineRig()
        let network = try await rig.network("multi")
        try await rig.running(rig.names()) {
            await rig.global.mirror.synchronised()
            let endpoint = try await rig.endpoint("a", on: network)
            let id = rig.run("c", "a..b", try rig.attachment(endpoint, aliases: ["www"]))
            try await eventually("it is identified") { try await rig.stored(endpoint, on: network)?.sandbox.rawValue == id }
            #expect(try await rig.stored(endpoint, on: network)?.name.rawValue == "aaaaaaaaaaaa")
            #expect(try await rig.sandboxes() == ["cccccccccccc"])
            #expect(rig.status.report.troubles.first?.contains("container a..b has a name that DNS cannot have") == true)
        }
    }

    @Test func `wait for an endpoint that is not known yet`() async throws {
        let rig = try await EngineRig()
        let network = try await rig.network("multi")
        try await rig.journal.setNetwork(network.id, of: try EngineNetworkID("1"))
        try await rig.running(rig.names()) {
            await rig.global.mirror.synchronised()
            let endpoint = try EndpointID(String(repeating: "a", count: 64))
            rig.run("c", "web", try rig.attachment(endpoint))
            try await eventually("the container is known") { try await rig.knowsSandboxes(["web"]) }
            try await rig.endpoint("a", on: network)
            try await eventually("it is named") { try await rig.stored(endpoint, on: network)?.name.rawValue == "web" }
        }
    }

    @Test func `are told when the store answers again`() async throws {
        let rig = try await EngineRig()
        let network = try await rig.network("multi")
        try await rig.running(rig.names()) {
            await rig.global.mirror.synchronised()
            let endpoint = try await rig.endpoint("a", on: network)
            rig.store.leave()
            rig.run("c", "web", try rig.attachment(endpoint))
            rig.run("d", "other")
            try await eventually("the trouble is told") { rig.status.report.troubles.count == 1 }
            rig.store.comeBack()
            try await eventually("it is named") { try await rig.stored(endpoint, on: network)?.name.rawValue == "web" }
            try await eventually("so is the other") { try await rig.sandboxes() == ["other", "web"] }
            try await eventually("the trouble is over") { rig.status.report.troubles.isEmpty }
        }
    }

    @Test func `go with the container, but for one whose endpoints the driver is still to remove`() async throws {
        let rig = try await EngineRig()
        let network = try await rig.network("multi")
        try await rig.running(rig.names()) {
            await rig.global.mirror.synchronised()
            let endpoint = try await rig.endpoint("a", on: network)
            let web = rig.run("c", "web", try rig.attachment(endpoint))
            let other = rig.run("d", "other")
            try await eventually("both are known") { try await rig.knowsSandboxes(["other", "web"]) }
            rig.run("c", "web", isRunning: false)
            rig.engine.drop(container: other)
            rig.engine.tell(.containerGone(web))
            rig.engine.tell(.containerGone(other))
            try await eventually("the one without endpoints is forgotten") { try await rig.sandboxes() == ["web"] }
            let entry = try #require(await rig.global.mirror.ownEndpoint(endpoint))
            try await EndpointChanges(scopes: rig.scopes).detach(entry, in: rig.global)
            #expect(try await rig.sandboxes().isEmpty)
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct `Endpoints that no container has` {
    private let clock = ManualClock()

    @Test func `are detached after half a minute, with the container's record`() async throws {
        let rig = try await EngineRig()
        let network = try await rig.network("multi")
        let sweep = rig.sweep(clock)
        try await rig.running(rig.names()) {
            await rig.global.mirror.synchronised()
            let (gone, kept) = (try await rig.endpoint("a", on: network), try await rig.endpoint("b", on: network))
            rig.run("c", "web", try rig.attachment(gone))
            rig.run("d", "db", try rig.attachment(kept))
            try await eventually("both are named") { try await rig.knowsSandboxes(["db", "web"]) }
            rig.engine.drop(container: String(repeating: "c", count: 64))
            let running = try await rig.engine.containers()
            await sweep.compare(with: running)
            clock.advance(by: .seconds(29))
            await sweep.compare(with: running)
            #expect(try await rig.stored(gone, on: network) != nil)
            clock.advance(by: .seconds(1))
            await sweep.compare(with: running)
            #expect(try await rig.stored(gone, on: network) == nil)
            #expect(try await rig.stored(kept, on: network) != nil)
            #expect(try await rig.sandboxes() == ["db"])
            #expect(await rig.global.mirror.ownEndpoints.map(\.record.id) == [kept])
        }
    }

    @Test func `are kept while the engine has them on its network, for a container that is slow to start`() async throws {
        let rig = try await EngineRig()
        let network = try await rig.network("multi")
        let sweep = rig.sweep(clock)
        try await rig.running {
            await rig.global.mirror.synchronised()
            let endpoint = try await rig.endpoint("a", on: network)
            let twin = try EngineNetworkID("1")
            try await rig.journal.setNetwork(network.id, of: twin)
            rig.engine.put(HostedNetworkSpec(twinOf: network), as: twin, endpoints: [endpoint])
            for _ in 0..<3 {
                await sweep.compare(with: [])
                clock.advance(by: .seconds(60))
            }
            #expect(try await rig.stored(endpoint, on: network) != nil)
            rig.engine.put(HostedNetworkSpec(twinOf: network), as: twin)
            await sweep.compare(with: [])
            #expect(try await rig.stored(endpoint, on: network) == nil)
        }
    }

    @Test func `are kept while the engine is away, unless their device lies on the host for a minute`() async throws {
        let rig = try await EngineRig()
        let network = try await rig.network("multi")
        let sweep = rig.sweep(clock)
        try await rig.running {
            await rig.global.mirror.synchronised()
            let (idle, used) = (try await rig.endpoint("a", on: network), try await rig.endpoint("b", on: network))
            let device = LinkSpec(name: "veaaaaaaaaaaaa", kind: .bridge)
            #expect(try rig.kernel.apply([.addLink(device)], in: .host).isEmpty)
            await sweep.engineIsAway()
            clock.advance(by: .seconds(59))
            await sweep.engineIsAway()
            #expect(try await rig.catalog.endpoints(of: network.id).count == 2)
            clock.advance(by: .seconds(1))
            await sweep.engineIsAway()
            #expect(try await rig.stored(idle, on: network) == nil)
            #expect(try await rig.stored(used, on: network) != nil)
        }
    }

    @Test func `are beyond suspicion once one has them again`() throws {
        var suspects = Suspects(patience: .seconds(30))
        let (a, b) = (try EndpointID("a"), try EndpointID("b"))
        #expect(suspects.update([a, b], at: .seconds(0)).isEmpty)
        #expect(suspects.update([b], at: .seconds(31)) == [b])
        #expect(suspects.update([a, b], at: .seconds(32)) == [b])
        #expect(suspects.update([a, b], at: .seconds(61)) == [b])
        #expect(suspects.update([a], at: .seconds(62)) == [a])
        #expect(Suspects(patience: .zero).update(once: [a]).isEmpty, "once is not enough, however long")
    }
}

extension Suspects {
    fileprivate func update(once ids: Set<EndpointID>) -> Set<EndpointID> {
        var copy = self
        return copy.update(ids, at: .seconds(1000))
    }
}
