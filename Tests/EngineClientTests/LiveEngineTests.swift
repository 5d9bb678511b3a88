import EngineClient
import NetworkModel
import TestSupport
import Testing

/// What must hold with a real engine: Debian's `docker.io`, on a host of namespaces of its own.
@Suite(.enabled(if: DockerServer.isAvailable, "needs root, docker.io and busybox-static"), .timeLimit(.minutes(3)))
struct `A real Docker engine` {
    @Test func `makes networks, attaches containers to them and tells of it`() async throws {
        let server = try await DockerServer.start()
        let engine = try DockerEngine(at: server.socket)
        var events = engine.events().makeAsyncIterator()
        #expect(await events.next() == .connected)
        let subnet = HostedSubnet(
            pool: try Subnet("10.201.0.0/24"), subPool: try Subnet("10.201.0.128/25"), gateway: try IPAddress("10.201.0.1"),
            auxiliary: ["a": try IPAddress("10.201.0.9")])
        let spec = HostedNetworkSpec(
            name: "blue net", driver: "bridge", subnets: [subnet], options: ["foo": "bar"], labels: ["l": "1"], isInternal: true,
            isAttachable: true)
        let network = try await engine.createNetwork(spec)
        #expect(await events.next() == .networkCreated(network, name: "blue net", driver: "bridge"))
        #expect(try await engine.network(network) == HostedNetwork(id: network, spec: spec))
        #expect(try await engine.networks(ofDriver: "bridge").contains { $0.id == network })
        #expect(try await failure { _ = try await engine.createNetwork(spec) }.code == .conflict)

        let id = try server.docker("run", "--detach", "--name", "rose", "--net", "none", "busybox", "sleep", "600")
        _ = try server.docker("network", "disconnect", "none", "rose")
        let options = AttachmentOptions(addresses: [try IPAddress("10.201.0.133")], aliases: [try EndpointName("flower")])
        try await engine.connect("rose", to: network, with: options)
        while let event = await events.next(), event != .containerChanged(id) {}
        _ = try server.docker("rename", "rose", "lily")
        let running = try await engine.containers()
        #expect(running.map(\.name) == ["lily"])
        #expect(try await engine.container("lily") == running.first)
        let attachment = running.first?.attachments.first
        #expect(attachment?.network == network)
        let endpoint = try #require(attachment?.endpoint)
        #expect(try await engine.network(network)?.endpoints == [endpoint])
        #expect(attachment?.aliases == [try EndpointName("flower"), try EndpointName(String(id.prefix(12)))])

        #expect(try await failure { try await engine.removeNetwork(network) }.code == .forbidden)
        try await engine.disconnect("lily", from: network, force: false)
        _ = try server.docker("rm", "--force", "lily")
        while let event = await events.next(), event != .containerGone(id) {}
        try await engine.removeNetwork(network)
        while let event = await events.next(), event != .networkRemoved(network) {}
        try await engine.removeNetwork(network)
        #expect(try await engine.network(network) == nil)
        #expect(try await engine.container("lily") == nil)
    }

    @Test func `that is killed is lost once, and found again`() async throws {
        let server = try await DockerServer.start()
        let engine = try DockerEngine(at: server.socket)
        var events = engine.events().makeAsyncIterator()
        #expect(await events.next() == .connected)
        server.kill()
        guard case .lost = await events.next() else {
            Issue.record("its loss was not told")
            return
        }
        try await server.restart()
        #expect(await events.next() == .connected)
        #expect(try await engine.containers().isEmpty)
    }
}
