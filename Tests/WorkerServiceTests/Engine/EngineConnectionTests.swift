import ClusterCatalog
import ClusterStore
import DaemonKit
import DriverAPI
import EngineAPI
import EngineClient
import FakeEngine
import NetworkModel
import TestSupport
import Testing
import WorkerAPI

@testable import WorkerService

@Suite(.timeLimit(.minutes(1))) struct `Connecting containers of an engine` {
    private func connections(_ rig: EngineRig, _ networks: EngineNetworks) -> EngineConnections {
        EngineConnections(engine: rig.engine, networks: networks, names: rig.names(), patience: .seconds(30))
    }

    @Test func `is the engine's own doing, on the network that it has for the cluster's`() async throws {
        let rig = try await EngineRig()
        let networks = rig.networks
        let connections = connections(rig, networks)
        try await rig.running(networks) {
            await rig.global.mirror.synchronised()
            let id = rig.run("c", "web")
            let record = try await rig.network("multi")
            let options = AttachmentOptions(aliases: [try EndpointName("www")])
            // It was made a moment ago, and the engine gets it only now.
            let endpoint = try #require(try await connections.connect(id, to: record, with: options))
            let twin = try #require(rig.twin(of: record))
            #expect(rig.engine.calls.last == .connect(id, twin.id, endpoint, options))
            #expect(try await rig.sandboxes() == ["web"], "the cluster knows it when this returns")
            try await connections.disconnect(id, from: record, force: false)
            #expect(rig.engine.calls.last == .disconnect(id, twin.id, endpoint))
            let again = await refusal { try await connections.disconnect(id, from: record, force: false) }
            #expect(again?.message == "container \(id) is not connected to the network", "in the engine's words")
        }
    }

    @Test func `goes on to the network that is there when the journal has an older one too`() async throws {
        let rig = try await EngineRig()
        let record = try await rig.network("multi")
        let (older, twin) = (try EngineNetworkID("00"), try EngineNetworkID("11"))
        for id in [older, twin] { try await rig.journal.setNetwork(record.id, of: id) }
        rig.engine.put(HostedNetworkSpec(twinOf: record), as: twin)
        rig.engine.call { call throws(EngineError) in
            if case .connect(_, older, _, _) = call { throw EngineError(.notFound, "network 00 not found") }
        }
        let id = rig.run("c", "web")
        let connections = connections(rig, rig.networks)
        _ = try await connections.connect(id, to: record, with: AttachmentOptions())
        #expect(try await rig.engine.container(id)?.attachments.map(\.network) == [twin])
        let nobody = await refusal { _ = try await connections.connect("nobody", to: record, with: AttachmentOptions()) }
        #expect(nobody?.message == "No such container: nobody")
    }

    @Test func `finds running containers only, and none while the engine is away`() async throws {
        let rig = try await EngineRig()
        let connections = connections(rig, rig.networks)
        let id = rig.run("c", "web")
        rig.run("d", "ended", isRunning: false)
        #expect(await connections.container("web")?.id == id)
        #expect(await connections.container("ended") == nil)
        #expect(await connections.container("nobody") == nil)
        rig.engine.fail(with: EngineError(.unavailable, "away"))
        #expect(await connections.container("web") == nil)
    }

    @Test func `to a network of this host's sandboxes is refused`() async throws {
        let rig = try await EngineRig()
        let connections = connections(rig, rig.networks)
        let local = try await rig.scopes.local.catalog.createNetwork(NetworkRequest(name: "frontend")).record
        let refused = await refusal { _ = try await connections.connect("web", to: local, with: AttachmentOptions()) }
        #expect(refused?.kind == .invalid)
        #expect(refused?.message.contains("network frontend is one of this host's") == true)
    }
}

/// Two hosts with an engine each, which calls its worker's drivers as a real one does.
@Suite(.timeLimit(.minutes(1))) struct `Containers of engines in a cluster` {
    private let store = AwayStore(InMemoryStore())
    private let alpha = (host: Host(1, hasEngine: true), engine: FakeEngine())
    private let beta = (host: Host(2, hasEngine: true), engine: FakeEngine(firstID: 0x1000))

    private func workers() throws -> (Worker, Worker) {
        let first = try alpha.host.worker(on: store, engine: alpha.engine)
        let second = try beta.host.worker(on: store, engine: beta.engine)
        alpha.engine.drive(first)
        beta.engine.drive(second)
        return (first, second)
    }

    /// - Returns: the container's id.
    private func run(_ digit: String, _ name: String, on engine: FakeEngine) -> String {
        let id = String(repeating: digit, count: 64)
        engine.put(HostedContainer(id: id, name: name, isRunning: true, created: FixedTime().now()))
        engine.tell(.containerChanged(id))
        return id
    }

    private func names(_ worker: Worker) async throws -> [String] {
        try await worker.backend.network(matching: "multi", in: nil).endpoints.map(\.name.rawValue).sorted()
    }

    @Test func `are connected and disconnected by their own engine, whoever asks`() async throws {
        let (first, second) = try workers()
        try await running(first, second) {
            _ = try await first.network("multi")
            let web = run("c", "web", on: beta.engine)
            _ = run("d", "db", on: alpha.engine)
            try await eventually("the cluster knows both") {
                try await first.backend.operations.sandboxes().map(\.sandbox.name.rawValue) == ["db", "web"]
            }
            try await first.backend.connect("web", to: "multi", with: AttachmentOptions(aliases: [try EndpointName("www")]))
            #expect(try await names(second) == ["web"], "the name is there when it is connected")
            try await first.backend.connect("db", to: "multi", with: AttachmentOptions())
            #expect(try await names(first) == ["db", "web"])
            let detail = try await second.backend.sandbox(matching: "web")
            #expect((detail.sandbox.kind, detail.sandbox.runtimeID, detail.namespacePath) == (.engine, web, nil))
            #expect(detail.attachments.map(\.endpoint.aliases) == [[try EndpointName("www")]])
            try await first.backend.disconnect("web", from: "multi", force: false)
            #expect(try await names(first) == ["db"])
            #expect(try await first.backend.operations.sandboxes().count == 2, "it runs still")
            let again = await refusal { try await first.backend.disconnect("web", from: "multi", force: false) }
            #expect(again?.message == "container \(web) is not connected to the network", "the engine's words come across")
        }
    }

    @Test func `that the cluster does not know yet are connected by the worker of their host`() async throws {
        let (first, second) = try workers()
        try await running(first, second) {
            _ = try await first.network("multi")
            // The engine has not told of it.
            alpha.engine.put(
                HostedContainer(id: String(repeating: "c", count: 64), name: "web", isRunning: true, created: FixedTime().now()))
            try await first.backend.connect("web", to: "multi", with: AttachmentOptions())
            #expect(try await names(first) == ["web"])
        }
    }

    @Test func `are not removed as Skein's own sandboxes are, and leave them their names`() async throws {
        let (first, second) = try workers()
        try await running(first, second) {
            let web = run("c", "web", on: alpha.engine)
            try await eventually("it is known") { try await first.backend.sandboxes().count == 1 }
            let refused = await refusal { try await first.backend.removeSandbox(matching: "web", force: true) }
            #expect(refused?.kind == .forbidden)
            #expect(refused?.message == "web is a container of this host's engine and no sandbox of Skein's own: use docker rm --force web")
            _ = try await first.sandbox("web")
            #expect(try await first.backend.sandbox(matching: "web").sandbox.kind == .native)
            #expect(try await first.backend.sandbox(matching: web).sandbox.kind == .engine)
            try await first.backend.removeSandbox(matching: "web", force: false)
            #expect(try await first.backend.sandboxes().map(\.sandbox.kind) == [.engine])
        }
    }
}

extension FakeEngine {
    /// Has the drivers of a worker called.
    func drive(_ worker: Worker) {
        call { call throws(EngineError) in
            guard let side = worker.engine else { return }
            do {
                try await Self.drive(side, call)
            } catch {
                throw EngineError(.unavailable, "\(error)")
            }
        }
    }

    private static func drive(_ side: EngineSide, _ call: DriverCall) async throws {
        switch call {
        case .createNetwork(let id, let spec):
            let request = PoolRequest(family: .v4, pool: spec.subnets.first?.pool, options: spec.ipamOptions)
            let pool = try await side.addresses.requestPool(request).id.pool
            try await side.driver.createNetwork(EngineNetwork(id: id, subnets: [SubnetRecord(pool: pool)], options: spec.options))
        case .deleteNetwork(let id): try await side.driver.deleteNetwork(id)
        case .connect(_, let network, let endpoint, _):
            let reference = EndpointReference(network: network, endpoint: endpoint)
            _ = try await side.driver.createEndpoint(EngineEndpoint(reference: reference))
            _ = try await side.driver.join(SandboxJoining(endpoint: reference, sandboxPath: "/var/run/docker/netns/x"))
        case .disconnect(_, let network, let endpoint):
            guard let endpoint else { return }
            let reference = EndpointReference(network: network, endpoint: endpoint)
            try await side.driver.leave(reference)
            try await side.driver.deleteEndpoint(reference)
        }
    }
}
