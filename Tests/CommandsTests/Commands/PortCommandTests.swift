import NetworkModel
import Synchronization
import Testing
import WorkerAPI

@testable import Commands

/// `skein port`.
@Suite struct PortCommandTests {
    private static func daemon() throws -> CannedDaemon {
        let daemon = CannedDaemon(try Canned.garden())
        var endpoint = try #require(daemon.state.withLock { $0.endpoints.first })
        endpoint.name = try EndpointName("web")
        let details = [
            PublishedPortDetail(
                endpoint: endpoint, network: "multi", forwarding: PortForwarding(hostPort: 8080, to: TransportPort(.tcp, 80))),
            PublishedPortDetail(
                endpoint: endpoint, network: "multi",
                forwarding: PortForwarding(hostAddress: try IPAddress("fd00::1"), hostPort: 5353, to: TransportPort(.udp, 53))),
        ]
        daemon.state.withLock { $0.ports = details }
        return daemon
    }

    @Test func `the host's ports are listed with what they lead to`() async throws {
        try await withDaemon(try Self.daemon()) { skein async throws in
            #expect(
                try await skein("port")
                    == .success(
                        """
                        NAME      NETWORK   PORT      PUBLISHED
                        web       multi     80/tcp    0.0.0.0:8080
                        web       multi     53/udp    [fd00::1]:5353

                        """))
            #expect(try await skein("port", "-q", "WEB") == .success("0.0.0.0:8080\n[fd00::1]:5353\n"))
        }
    }

    @Test func `of a container without any that is said`() async throws {
        try await withDaemon(try Self.daemon()) { skein async throws in
            let outcome = try await skein("port", "other")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("other has no published ports"))
        }
    }
}
