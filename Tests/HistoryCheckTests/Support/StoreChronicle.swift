import ClusterCatalog
import ClusterStore
import HistoryCheck
import NetworkModel

/// One key written, or by nil deleted.
struct KeyChange: Sendable {
    let key: StoreKey
    let value: [UInt8]?
}

/// Tells from keys and values, revision by revision, who has what.
struct StoreChronicle {
    private(set) var steps: [StoreStep] = []
    /// Keys of reservations, whose owners end when somebody else gets the address.
    private var reservations: [StoreKey: Owner] = [:]
    private var present: [StoreKey: [UInt8]] = [:]

    /// Takes what one revision changed.
    mutating func take(_ changes: [KeyChange], at revision: Int64) throws {
        var step = StoreStep(revision)
        for change in changes { try note(change, &step) }
        steps.append(step)
    }

    /// Takes everything that there is at a revision, with those before it unseen.
    mutating func jump(to snapshot: StoreSnapshot) throws {
        var step = StoreStep(snapshot.revision.rawValue)
        step.isJump = true
        let found = Dictionary(uniqueKeysWithValues: snapshot.entries.map { ($0.key, $0.value) })
        for key in present.keys where found[key] == nil { try note(KeyChange(key: key, value: nil), &step) }
        for (key, value) in found where present[key] != value { try note(KeyChange(key: key, value: value), &step) }
        steps.append(step)
    }

    private mutating func note(_ change: KeyChange, _ step: inout StoreStep) throws {
        present[change.key] = change.value
        let segments = change.key.segments
        switch (segments.first, segments.count) {
        case ("nodes", 2): step.nodes[try NodeID(segments[1])] = .some(try change.record(NodeRecord.self)?.epoch)
        case ("networks", 2):
            step.owners[.network(try NetworkID(segments[1]))] = .some(try change.record(NetworkRecord.self)?.holding)
        case ("endpoints", 3):
            step.owners[.endpoint(try EndpointID(segments[2]))] = .some(try change.record(EndpointRecord.self)?.holding)
        case ("network-names", 2): try noteDeed(.networkName(segments[1]), change, &step)
        case ("vnis", 2): try noteDeed(.vni(try VNI(UInt32(segments[1]) ?? 0)), change, &step)
        case ("pools", 3): try noteDeed(.pool(try Subnet(segments[2])), change, &step)
        case ("names", 3):
            let owner = try change.record(EndpointID.self).map { Owner.endpoint($0) }
            step.deeds[.name(segments[2], of: try NetworkID(segments[1]))] = .some(owner)
        case ("addresses", 3): try noteAddress(change, of: try NetworkID(segments[1]), try IPAddress(segments[2]), &step)
        default: break
        }
    }

    private func noteDeed(_ resource: Resource, _ change: KeyChange, _ step: inout StoreStep) throws {
        step.deeds[resource] = .some(try change.record(NetworkID.self).map { .network($0) })
    }

    private mutating func noteAddress(
        _ change: KeyChange, of network: NetworkID, _ address: IPAddress, _ step: inout StoreStep
    ) throws {
        let resource = Resource.address(address, of: network)
        let record = try change.record(AddressRecord.self)
        let before = reservations.removeValue(forKey: change.key)
        if let before { step.owners[before] = .some(nil) }
        step.deeds[resource] = .some(record?.owner(in: network))
        guard case .reserved(let node, let epoch, let id)? = record else { return }
        reservations[change.key] = .reservation(id)
        step.owners[.reservation(id)] = Holding([resource], network: network, life: NodeLife(node, epoch))
    }

    /// Who has what in a listing.
    static func owners(in snapshot: StoreSnapshot) throws -> [Owner: Holding] {
        var chronicle = StoreChronicle()
        try chronicle.jump(to: snapshot)
        return chronicle.steps[0].owners.compactMapValues(\.self)
    }
}

extension KeyChange {
    /// - Throws: when the value is not what its key says.
    fileprivate func record<Record: Codable & Hashable & Sendable>(_: Record.Type) throws -> Record? {
        guard let value else { return nil }
        return try CatalogEntry<Record>(StoreEntry(key: key, value: value, created: .zero, modified: .zero)).record
    }
}

extension AddressRecord {
    fileprivate func owner(in network: NetworkID) -> Owner {
        switch self {
        case .endpoint(let id): .endpoint(id)
        case .reserved(_, _, let id): .reservation(id)
        case .gateway, .auxiliary: .network(network)
        }
    }
}

extension EndpointRecord {
    var holding: Holding {
        let addresses = addresses.map { Resource.address($0, of: network) }
        return Holding(Set(addresses + [.name(name.folded, of: network)]), network: network, life: NodeLife(node, epoch))
    }
}

extension NetworkRecord {
    var holding: Holding {
        let reserved = subnets.flatMap { [$0.gateway].compactMap(\.self) + $0.auxiliary.values }.map { Resource.address($0, of: id) }
        let pools = subnets.map { Resource.pool($0.pool) }
        return Holding(Set([.networkName(name)] + (vni.map { [.vni($0)] } ?? []) + pools + reserved), network: id)
    }
}
