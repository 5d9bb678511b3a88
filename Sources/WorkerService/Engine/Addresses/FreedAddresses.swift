import NetworkModel

/// Addresses that endpoints of this node have given back in the last minutes: a container that is started again gets its own where it can be
/// told, and likely so where it cannot.
struct FreedAddresses {
    private struct Freed {
        let address: IPAddress
        let network: NetworkID
        /// What the endpoint was called, and whose it was.
        let name: String
        let container: SandboxID
        let time: Duration
    }

    /// The one freed longest ago first.
    private var freed: [Freed] = []

    private static let memory = Duration.seconds(600)
    private static let most = 1024

    mutating func add(_ endpoint: EndpointRecord, at now: Duration) {
        for address in endpoint.addresses {
            remove(address, of: endpoint.network)
            freed.append(
                Freed(
                    address: address, network: endpoint.network, name: endpoint.name.folded, container: endpoint.sandbox, time: now))
        }
        freed.removeFirst(max(freed.count - Self.most, 0))
    }

    /// Somebody has it now.
    mutating func remove(_ address: IPAddress, of network: NetworkID) {
        freed.removeAll { $0.address == address && $0.network == network }
    }

    /// The container was removed, and is not started again.
    mutating func forget(_ container: SandboxID) { freed.removeAll { $0.container == container } }

    /// Which addresses to give rather than others, and which rather not.
    ///
    /// - Parameter name: of the container, if it is known. One whose name nobody had gets no other's address. Without a name it is most likely
    ///   the container that stopped last: one that is restarted, by its user or because it ended.
    func choice(
        in subnet: SubnetRecord, of network: NetworkID, for name: String?, at now: Duration
    ) -> (preferred: [IPAddress], avoided: Set<IPAddress>) {
        let candidates = freed.reversed().filter {
            $0.network == network && subnet.pool.contains($0.address) && now - $0.time < Self.memory
        }
        guard let name = name?.lowercased() else { return (candidates.map(\.address), []) }
        let own = candidates.first { $0.name == name }.map { [$0.address] } ?? []
        return (own, Set(candidates.map(\.address)).subtracting(own))
    }
}
