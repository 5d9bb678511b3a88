import NetworkModel

/// Addresses that endpoints of this node have given back in the last minutes: a container that is started again gets its own where it can be
/// told (moby has users who rely on that), and likely so where it cannot.
struct FreedAddresses {
    private struct Freed {
        let address: IPAddress
        let network: NetworkID
        /// What the endpoint was called.
        let name: String
        let time: Duration
    }

    /// The one freed longest ago first.
    private var freed: [Freed] = []

    private static let memory = Duration.seconds(600)
    private static let most = 1024

    mutating func add(_ endpoint: EndpointRecord, at now: Duration) {
        for address in endpoint.addresses {
            remove(address)
            freed.append(Freed(address: address, network: endpoint.network, name: endpoint.name.folded, time: now))
        }
        freed.removeFirst(max(freed.count - Self.most, 0))
    }

    /// Somebody has it now.
    mutating func remove(_ address: IPAddress) { freed.removeAll { $0.address == address } }

    /// Which addresses to give rather than others, and which rather not.
    ///
    /// - Parameter name: of the container, if it is known. One whose name nobody had gets no other's address; without a name it is most
    ///   likely that containers are started in the order in which they were stopped.
    func choice(
        in subnet: SubnetRecord, of network: NetworkID, for name: String?, at now: Duration
    ) -> (preferred: [IPAddress], avoided: Set<IPAddress>) {
        let candidates = freed.filter { $0.network == network && subnet.pool.contains($0.address) && now - $0.time < Self.memory }
        guard let name = name?.lowercased() else { return (candidates.map(\.address), []) }
        // The last one that it had.
        let own = candidates.last { $0.name == name }?.address
        return ([own].compactMap(\.self), Set(candidates.map(\.address)).subtracting([own].compactMap(\.self)))
    }
}
