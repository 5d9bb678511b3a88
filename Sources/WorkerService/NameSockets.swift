import Dataplane
import KernelNetwork
import Logging
import NameServer
import NetworkModel
import ServiceLifecycle

/// Opens a pair of DNS sockets on each gateway address inside each network's namespace, and closes them with it.
struct NameSockets: Service {
    let dataplane: Dataplane
    let kernel: any NetworkKernel
    let nameServer: NameServer
    let clock: any Clock<Duration>
    let logger: Logger

    /// RFC 1035 section 4.2.
    private static let port: UInt16 = 53

    func run() async throws {
        await cancelWhenGracefulShutdown {}
    }

    private func open(_ network: NetworkID, in namespace: KernelNamespace, at address: IPAddress) async throws {
        let datagram = try kernel.openSocket(.datagram, at: address, port: Self.port, in: namespace)
        let stream = try kernel.openSocket(.stream, at: address, port: Self.port, in: namespace)
        try await nameServer.serve(network, at: address, datagram: datagram, stream: stream)
    }
}
