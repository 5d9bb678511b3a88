import ClusterCatalog
import DaemonKit
import EngineAPI
import NetworkModel
import Testing
import WorkerAPI

@Suite struct `What both daemons do with the cluster` {
    private let cluster = Cluster()

    private func refusal(of operation: () async throws -> Void) async -> (any Fault)? {
        do {
            try await operation()
            return nil
        } catch {
            return error as? any Fault
        }
    }

    @Test func `nodes are shown by hostname, and those that are gone come last`() async throws {
        let network = try await cluster.network("multi")
        let (beta, alpha, gone) = (try await cluster.join("beta"), try await cluster.join("alpha"), try await cluster.join("aaa"))
        _ = try await cluster.sandbox("rose", on: network, as: beta)
        _ = try await cluster.sandbox("lily", on: network, as: gone)
        try await cluster.kill(gone)
        let nodes = try await cluster.operations.nodes()
        #expect(nodes.map(\.id) == [alpha.node, beta.node, gone.node])
        #expect(nodes.map { $0.record?.hostname } == ["alpha", "beta", nil])
        #expect(nodes.map(\.endpoints) == [0, 1, 1])
        #expect(nodes.map(\.sandboxes) == [0, 1, 1])
    }

    @Test func `two nodes of one hostname are told apart by their ids (lesson 13)`() async throws {
        let first = try await cluster.join("twin")
        _ = try await cluster.join("twin")
        #expect(try await cluster.operations.node(matching: first.node.rawValue).id == first.node)
        let refusal = await refusal { _ = try await cluster.operations.node(matching: "twin") }
        #expect(refusal?.kind == .invalid)
        #expect(refusal?.message.contains("2 matches") == true)
    }

    @Test func `a node that is alive is not removed, one that is gone is`() async throws {
        let network = try await cluster.network("multi")
        let claim = try await cluster.join("alpha")
        _ = try await cluster.sandbox("rose", on: network, as: claim)
        #expect(await refusal { try await cluster.operations.removeNode(matching: "alpha") }?.kind == .conflict)
        try await cluster.kill(claim)
        try await cluster.operations.removeNode(matching: claim.node.rawValue)
        #expect(try await cluster.operations.nodes().isEmpty)
        #expect(try await cluster.operations.usedNetworks().isEmpty)
    }

    @Test func `force frees the endpoint of a node that is gone, by its name`() async throws {
        let network = try await cluster.network("multi")
        let claim = try await cluster.join("alpha")
        let sandbox = try await cluster.sandbox("rose", on: network, as: claim)
        try await cluster.kill(claim)
        let operations = cluster.operations
        #expect(await refusal { try await operations.disconnect("rose", from: network.record, force: false) }?.kind == .unavailable)
        try await operations.disconnect("rose", from: network.record, force: true)
        #expect(try await operations.usedNetworks().isEmpty)
        let again = await refusal { try await operations.disconnect(sandbox.id.rawValue, from: network.record, force: true) }
        #expect(again?.kind == .notFound)
    }

    @Test func `a network is shown with the endpoints of all nodes`() async throws {
        let network = try await cluster.network("multi")
        let (alpha, beta) = (try await cluster.join("alpha"), try await cluster.join("beta"))
        _ = try await cluster.join("bystander")
        _ = try await cluster.sandbox("rose", on: network, as: alpha)
        _ = try await cluster.sandbox("lily", on: network, as: beta)
        let detail = try await cluster.operations.detail(of: network.record)
        #expect(Set(detail.endpoints.map(\.name.rawValue)) == ["rose", "lily"])
        #expect(Set(detail.peers.map(\.hostname)) == ["alpha", "beta"])
    }

    @Test func `Docker's predefined networks are not removed`() async {
        for name in ["bridge", "host", "none"] {
            #expect(await refusal { try await cluster.operations.removeNetwork(matching: name) }?.kind == .forbidden)
        }
    }
}
