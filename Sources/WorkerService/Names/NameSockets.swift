import Dataplane
import KernelNetwork
import NameServer
import NetworkModel

/// Opens a pair of DNS sockets on each address of a network's bridge inside the network's namespace, and closes them before it goes; and
/// one on the host.
actor NameSockets: NetworkSites {
    private let kernel: any NetworkKernel
    private let nameServer: NameServer
    private var served: [NetworkID: Set<IPAddress>] = [:]

    /// RFC 1035 section 4.2.
    private static let port: UInt16 = 53

    init(kernel: any NetworkKernel, nameServer: NameServer) {
        self.kernel = kernel
        self.nameServer = nameServer
    }

    func networkIsReady(_ network: NetworkID, in namespace: KernelNamespace, at addresses: [IPAddress]) async throws {
        let wanted = Set(addresses)
        // Called again for the same addresses, the namespace is another one; and the server closes a network's sockets all at once.
        if wanted.isSubset(of: served[network, default: []]) || !served[network, default: []].isSubset(of: wanted) {
            await networkGoes(network)
        }
        for address in wanted.subtracting(served[network, default: []]).sorted() {
            try await open(.network(network), in: namespace, at: address)
            served[network, default: []].insert(address)
        }
    }

    func networkGoes(_ network: NetworkID) async {
        guard served.removeValue(forKey: network) != nil else { return }
        await nameServer.stop(.network(network))
    }

    func hostIsReady(at address: IPAddress) async throws {
        try await open(.host, in: .host, at: address)
    }

    private func open(_ site: NameSite, in namespace: KernelNamespace, at address: IPAddress) async throws {
        let datagram = try kernel.openSocket(.datagram, at: address, port: Self.port, in: namespace)
        let stream: Int32
        do {
            stream = try kernel.openSocket(.stream, at: address, port: Self.port, in: namespace)
        } catch {
            Descriptor.close(datagram)
            throw error
        }
        try await nameServer.serve(site, at: address, datagram: datagram, stream: stream)
    }
}
