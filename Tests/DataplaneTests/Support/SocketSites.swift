import Glibc
import KernelNetwork
import NetworkModel
import Synchronization

@testable import Dataplane

/// Keeps a socket open in each network's namespace, as a worker's name server does.
final class SocketSites: NetworkSites {
    private let kernel: any NetworkKernel
    private let sockets = Mutex<[NetworkID: Int32]>([:])

    init(_ kernel: any NetworkKernel) {
        self.kernel = kernel
    }

    func networkIsReady(_ network: NetworkID, in namespace: KernelNamespace, at addresses: [IPAddress]) async throws {
        await networkGoes(network)
        guard let gateway = addresses.first else { return }
        let socket = try kernel.openSocket(.datagram, at: gateway, port: 53, in: namespace)
        sockets.withLock { $0[network] = socket }
    }

    func hostIsReady(at address: IPAddress) async throws {}

    func networkGoes(_ network: NetworkID) async {
        if let socket = sockets.withLock({ $0.removeValue(forKey: network) }) { close(socket) }
    }
}
