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

    /// Who asks for an address, as far as it can be told.
    struct Asker {
        /// Of the container; engines before 29 do not tell it.
        var name: String?
        /// Then only containers that are started again by themselves ask.
        var isEngineStarting = false
        var habits: [SandboxID: ContainerHabit] = [:]
    }

    /// Which addresses to give rather than others, and which rather not.
    ///
    /// One whose name nobody had gets no other's address. Without a name it is most likely the container that stopped last: one that is restarted, by
    /// its user or because it ended. What a user chose for a container is given to others last: it is asked for when that container starts.
    func choice(
        in subnet: SubnetRecord, of network: NetworkID, for asker: Asker, at now: Duration
    ) -> (preferred: [IPAddress], avoided: Set<IPAddress>) {
        let candidates = freed.reversed().filter {
            $0.network == network && subnet.pool.contains($0.address) && now - $0.time < Self.memory
        }
        let chosen = Set(asker.habits.values.flatMap(\.chosen))
        if let name = asker.name?.lowercased() {
            let own = candidates.first { $0.name == name }.map { [$0.address] } ?? []
            return (own, chosen.union(candidates.map(\.address)).subtracting(own))
        }
        let free = candidates.filter { !chosen.contains($0.address) }
        guard asker.isEngineStarting else { return (free.map(\.address), chosen) }
        let returning = free.filter { asker.habits[$0.container]?.startsAgain == true }
        let others = free.filter { asker.habits[$0.container]?.startsAgain != true }
        return ((returning + others).map(\.address), chosen)
    }
}
