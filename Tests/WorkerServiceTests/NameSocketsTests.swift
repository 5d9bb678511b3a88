import FakeKernel
import KernelNetwork
import NameServer
import NetworkModel
import TestSupport
import Testing

@testable import WorkerService

@Suite struct `DNS sockets` {
    private let kernel = FakeKernel()
    private static let network = KernelNamespace.named("skein-111111111111")

    private func sockets() throws -> NameSockets {
        let server = try NameServer(
            node: NodeID(String(repeating: "a", count: NodeID.length)), resolvers: FixedResolvers([]), clock: ContinuousClock(),
            randomness: SeededRandomness(seed: 1), logger: quiet)
        return NameSockets(kernel: kernel, nameServer: server)
    }

    private func open(in place: KernelNamespace) -> [String] {
        (kernel.namespace(place)?.sockets ?? []).map { "\($0.kind) \($0.address):\($0.port)" }.sorted()
    }

    @Test func `are a pair on the host`() async throws {
        try await sockets().hostIsReady(at: .nameService)
        #expect(open(in: .host) == ["datagram 169.254.53.53:53", "stream 169.254.53.53:53"])
    }

    @Test func `are a pair an address of a network's bridge, each once`() async throws {
        kernel.addNamespace(Self.network)
        let sockets = try sockets()
        let id = try NetworkID(String(repeating: "1", count: NetworkID.length))
        try await sockets.networkIsReady(id, in: Self.network, at: [.nameService])
        try await sockets.networkIsReady(id, in: Self.network, at: [IPAddress(10, 0, 1, 1), .nameService])
        #expect(
            open(in: Self.network) == [
                "datagram 10.0.1.1:53", "datagram 169.254.53.53:53", "stream 10.0.1.1:53", "stream 169.254.53.53:53",
            ])
    }
}
