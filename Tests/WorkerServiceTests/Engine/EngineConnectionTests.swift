import ClusterCatalog
import EngineClient
import FakeEngine
import NetworkModel
import TestSupport
import Testing

@testable import WorkerService

@Suite(.timeLimit(.minutes(1))) struct `Connecting containers of an engine` {
    private func connections(_ rig: EngineRig, _ networks: EngineNetworks) -> EngineConnections {
        EngineConnections(engine: rig.engine, networks: networks, names: rig.names())
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
            _ = try await connections.connect(id, to: record, with: options)
            let twin = try #require(rig.twin(of: record))
            #expect(rig.engine.calls.last == .connect(id, twin.id, options))
            #expect(try await rig.sandboxes() == ["web"], "the cluster knows it when this returns")
            try await connections.disconnect(id, from: record, force: false)
            #expect(rig.engine.calls.last == .disconnect(id, twin.id))
            let again = await refusal { try await connections.disconnect(id, from: record, force: false) }
            #expect(again?.message == "container \(id) is not connected to the network", "in the engine's words")
        }
    }

    @Test func `goes on to the network that is there when the journal has an older one too`() async throws {
        let rig = try await EngineRig()
        let record = try await rig.network("multi")
        let stale = try EngineNetworkID("00")
        try await rig.journal.setNetwork(record.id, of: stale)
        let networks = rig.networks
        let connections = connections(rig, networks)
        rig.engine.call { call throws(EngineError) in
            if case .connect(_, let id, _) = call, id == stale { throw EngineError(.notFound, "network 00 not found") }
        }
        try await rig.running(networks) {
            let id = rig.run("c", "web")
            try await eventually("the twin is there") { rig.twin(of: record) != nil }
            _ = try await connections.connect(id, to: record, with: AttachmentOptions())
            #expect(try await rig.engine.container(id)?.attachments.map(\.network) == [try #require(rig.twin(of: record)).id])
        }
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
