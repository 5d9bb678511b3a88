import EngineClient
import NetworkModel

/// The cluster's networks and an engine's, compared: pure.
struct NetworkComparison {
    enum Action: Hashable, Sendable {
        /// The journal has lost which of the cluster's an engine's network is.
        case remember(EngineNetworkID, NetworkID)
        /// A user has made it at the engine: it is to become the cluster's.
        case takeUp(HostedNetwork)
        /// The cluster does not have it any longer.
        case drop(HostedNetwork, NetworkID)
        /// It is the second of its name for one network of the cluster.
        case dropDuplicate(HostedNetwork)
        /// The engine lacks it.
        case make(NetworkRecord)
        /// The journal has what the engine has no longer.
        case forget(EngineNetworkID)
    }

    /// The cluster's, whatever becomes of them.
    let records: [NetworkID: NetworkRecord]
    /// Those of the engine that have Skein's driver.
    let present: [HostedNetwork]
    let journal: [EngineNetworkID: NetworkID]
    /// What the journal had and the engine had not the last time.
    let missedBefore: Set<EngineNetworkID>

    /// - Parameter gone: networks that the engine is deleting, and may list for a moment still.
    init(
        records: [NetworkID: NetworkRecord], listed: [HostedNetwork], journal: [EngineNetworkID: NetworkID],
        gone: Set<EngineNetworkID> = [], missedBefore: Set<EngineNetworkID> = []
    ) {
        self.records = records
        present = listed.filter { !gone.contains($0.id) }.sorted { $0.id < $1.id }
        self.journal = journal
        self.missedBefore = missedBefore
    }

    /// What the journal has and the engine has not: a network that is just being made is among it, so it counts only the second time.
    var missed: Set<EngineNetworkID> { Set(journal.keys).subtracting(present.map(\.id)) }

    /// Which of the cluster's a network is, or stands for though it is gone; nil for one that the cluster never had.
    func identity(of network: HostedNetwork) -> NetworkID? {
        if let known = journal[network.id] { return known }
        if let told = network.spec.options[EngineOption.network], let id = try? NetworkID(told) { return id }
        // Recorded under the engine's own id by a worker that was killed before its journal had it.
        guard let own = try? NetworkID(network.id.rawValue), records[own] != nil else { return nil }
        return own
    }

    /// Whether there is a network that is to become the cluster's.
    var takesUp: Bool { present.contains { identity(of: $0) == nil } }

    /// In the order in which they are to be done: what is dropped frees its name.
    var actions: [Action] {
        var first: [Action] = []
        var drops: [Action] = []
        var served: [NetworkID: HostedNetwork] = [:]
        for network in present {
            guard let id = identity(of: network) else {
                drops.append(.takeUp(network))
                continue
            }
            if journal[network.id] != id { first.append(.remember(network.id, id)) }
            guard let record = records[id] else {
                drops.append(.drop(network, id))
                continue
            }
            // One of another name is somebody's second name for it.
            guard network.spec.name == record.name else { continue }
            guard let other = served[id] else {
                served[id] = network
                continue
            }
            // The one that has kept the id it was made with, else the first.
            let isPreferred = network.id.rawValue == id.rawValue
            if isPreferred { served[id] = network }
            drops.append(.dropDuplicate(isPreferred ? other : network))
        }
        let missing = records.values.filter { $0.driver == .overlay && $0.state == .active && served[$0.id] == nil }
        return first + drops + missing.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map { .make($0) }
            + missed.intersection(missedBefore).sorted().map { .forget($0) }
    }
}
