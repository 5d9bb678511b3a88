import ClusterCatalog
import ClusterStore
import EngineAPI
import NetworkModel

/// Turns what the store tells of networks and endpoints into Docker's events: pure.
///
/// What the first snapshots show is the state and not news. A later snapshot, after an interruption, is compared with what was known,
/// so that nothing that happened meanwhile is lost.
struct EventLog {
    /// Which prefix an event of a watch belongs to.
    enum Source: CaseIterable, Sendable {
        case networks
        case endpoints

        var prefix: StoreKey { self == .networks ? CatalogKeys.networks : CatalogKeys.endpoints }
    }

    private struct Endpoint: Hashable {
        let network: NetworkID
        let sandbox: SandboxID
    }

    private struct Network: Hashable {
        let name: String
        let driver: NetworkDriver
    }

    private var networks: [NetworkID: Network] = [:]
    private var endpoints: [EndpointID: Endpoint] = [:]
    private var seen: Set<Source> = []

    /// Takes what a watch yields; records that cannot be read are no events.
    mutating func take(_ event: WatchEvent, of source: Source, at time: Timestamp) -> [NetworkEvent] {
        switch event {
        case .interrupted: return []
        case .changes(let changes, _): return changes.compactMap { take($0, at: time) }
        case .snapshot(let snapshot):
            let isFirst = seen.insert(source).inserted
            let missing = missingKeys(source, in: snapshot)
            let events = (missing.map { StoreChange.deleted($0) } + snapshot.entries.map { .put($0) }).compactMap { take($0, at: time) }
            return isFirst ? [] : events
        }
    }

    private func missingKeys(_ source: Source, in snapshot: StoreSnapshot) -> [StoreKey] {
        let present = Set(snapshot.entries.map(\.key))
        let known: [StoreKey] =
            switch source {
            case .networks: networks.keys.map { CatalogKeys.network($0) }
            case .endpoints: endpoints.map { CatalogKeys.endpoint($0.key, of: $0.value.network) }
            }
        return known.filter { !present.contains($0) }
    }

    private mutating func take(_ change: StoreChange, at time: Timestamp) -> NetworkEvent? {
        guard let view = try? ViewChange(change) else { return nil }
        switch view {
        case .network(let id, let record): return take(id, record, at: time)
        case .endpoint(let network, let id, let record): return take(id, of: network, record, at: time)
        case .node, .sandbox: return nil
        }
    }

    private mutating func take(_ id: NetworkID, _ record: NetworkRecord?, at time: Timestamp) -> NetworkEvent? {
        let known = networks[id]
        networks[id] = record.map { Network(name: $0.name, driver: $0.driver) }
        switch (known, record) {
        case (nil, let new?): return NetworkEvent(.create, network: id, name: new.name, driver: new.driver, time: time)
        case (let old?, nil): return NetworkEvent(.destroy, network: id, name: old.name, driver: old.driver, time: time)
        default: return nil
        }
    }

    private mutating func take(
        _ id: EndpointID, of network: NetworkID, _ record: EndpointRecord?, at time: Timestamp
    ) -> NetworkEvent? {
        let known = endpoints[id]
        endpoints[id] = record.map { Endpoint(network: network, sandbox: $0.sandbox) }
        guard (known == nil) != (record == nil), let sandbox = record?.sandbox ?? known?.sandbox else { return nil }
        return NetworkEvent(
            record == nil ? .disconnect : .connect, network: network, name: networks[network]?.name ?? network.rawValue,
            driver: networks[network]?.driver ?? .overlay, sandbox: sandbox, time: time)
    }
}
