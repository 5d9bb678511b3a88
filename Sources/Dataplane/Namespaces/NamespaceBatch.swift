import DesiredState
import KernelNetwork
import NetworkModel

/// The writes that bring a namespace's devices, addresses, routes and entries to what they should be, in an order that the kernel takes.
///
/// Devices come first and the pairs of endpoints last, so that an endpoint never sees a network without its entries (lesson 20).
struct NamespaceBatch {
    private(set) var changes: [KernelChange] = []
    /// Pairs that are made, or removed, by this batch: their other ends are in another namespace.
    private(set) var made: [VethPeer] = []
    private(set) var gone: [VethPeer] = []
    /// What has to wait for another namespace. A pair that waits for its sandbox is not told of: it holds up nothing else.
    private(set) var blocked: String?
    /// A device is changed or replaced: what is on it may go with that, so it is looked at again.
    private(set) var isRepair = false
    private var written: [KernelObject] = []
    /// Whether it is more than the deletion of devices.
    private var isWhole = false

    /// - Parameter isReady: whether the other end of a pair can be made in a namespace.
    init(_ space: ManagedNamespace, isReady: (KernelNamespace) -> Bool) {
        changes = space.strays
        isWhole = true
        var pairs: [KernelChange] = []
        deleteLinks(of: space)
        for link in space.linksToWrite { write(link, of: space, pairs: &pairs, isReady: isReady) }
        deleteObjects(of: space)
        writeObjects(of: space)
        writeEntries(of: space)
        changes += pairs
    }

    /// Only the devices that are to go.
    init(deletingLinksOf space: ManagedNamespace) {
        deleteLinks(of: space)
    }

    /// Takes all of it as written.
    func settle(_ space: ManagedNamespace) {
        for object in written {
            let wish = space.objects.wish(for: object)
            if case .value(let state) = wish {
                space.objects.setActual(state, at: object)
            } else {
                space.objects.setActual(nil, at: object)
            }
        }
        guard isWhole else { return }
        space.strays = []
        space.neighbours.settle()
        space.forwarding.settle()
        space.flooding.settle()
    }

    /// The other end of the pair that a change makes, or nil.
    func peer(at index: Int) -> VethPeer? {
        guard changes.indices.contains(index), case .addLink(let spec) = changes[index], case .veth(let peer) = spec.kind else {
            return nil
        }
        return peer
    }

    // MARK: Devices

    private mutating func deleteLinks(of space: ManagedNamespace) {
        for case (.link(let name), _) in space.objects.deletions where name != "lo" { delete(name, of: space) }
    }

    private mutating func delete(_ name: String, of space: ManagedNamespace) {
        changes.append(.deleteLink(name))
        if case .veth(let peer) = space.specs[name]?.kind { gone.append(peer) }
        if space.objects.wish(for: .link(name)) == .nothing { space.specs[name] = nil }
        space.forget(link: name)
    }

    private mutating func write(
        _ link: LinkWrite, of space: ManagedNamespace, pairs: inout [KernelChange], isReady: (KernelNamespace) -> Bool
    ) {
        if let actual = link.actual {
            let isSame = actual.alias == link.wish.alias || space.ownership.makesPairs || actual.kind == .loopback
            if isSame, let update = actual.update(to: link.wish) {
                changes.append(.updateLink(link.name, update))
                written.append(.link(link.name))
                isRepair = isRepair || actual.kind != .loopback
                return
            }
        }
        if link.isThere {
            isRepair = true
            delete(link.name, of: space)
        }
        guard let spec = space.specs[link.name] else {
            blocked = "\(link.name) in \(space.place) is not there yet"
            return
        }
        add(spec, &pairs, isReady)
    }

    private mutating func add(_ spec: LinkSpec, _ pairs: inout [KernelChange], _ isReady: (KernelNamespace) -> Bool) {
        written.append(.link(spec.name))
        guard case .veth(let peer) = spec.kind else { return changes.append(.addLink(spec)) }
        guard isReady(peer.namespace) else {
            written.removeLast()
            if peer.namespace == .host { blocked = "\(peer.namespace) is not there yet" }
            return
        }
        made.append(peer)
        if spec.name == KernelNames.uplink { changes.append(.addLink(spec)) } else { pairs.append(.addLink(spec)) }
    }

    // MARK: What is on them

    private mutating func deleteObjects(of space: ManagedNamespace) {
        for (object, state) in space.objects.deletions {
            switch (object, state) {
            case (.address(let entry), _): changes.append(.deleteAddress(entry))
            case (.defaultRoute, .route(let route)): changes.append(.deleteRoute(route))
            case (.control, _), (.port, _): break
            default: continue
            }
            written.append(object)
        }
    }

    private mutating func writeObjects(of space: ManagedNamespace) {
        var routes: [KernelChange] = []
        var ports: [KernelChange] = []
        var addresses: [KernelChange] = []
        for (object, state) in space.objects.updates where space.isPossible(object, state, made: written) {
            switch (object, state) {
            case (.port(let name), .port(let flags)): ports.append(.setBridgePort(name, flags))
            case (.address(let entry), _): addresses.append(.replaceAddress(entry))
            case (.defaultRoute, .route(let route)): routes.append(.replaceRoute(route))
            default: continue
            }
            written.append(object)
        }
        changes += ports + addresses + routes
    }

    private mutating func writeEntries(of space: ManagedNamespace) {
        let (bridge, vxlan, nobody) = (KernelNames.bridge, KernelNames.vxlan, MACAddress(bits: 0))
        let neighbours = space.neighbours.changes
        let forwarding = space.forwarding.changes
        let flooding = space.flooding.changes
        changes.reserveCapacity(changes.count + neighbours.updates.count + forwarding.updates.count)
        for (address, mac) in neighbours.deletions {
            changes.append(.deleteNeighbour(NeighbourEntry(link: bridge, address: address, mac: mac)))
        }
        for (mac, vtep) in forwarding.deletions {
            changes.append(.deleteForwarding(ForwardingEntry(link: vxlan, mac: mac, vtep: vtep)))
        }
        for (vtep, _) in flooding.deletions {
            changes.append(.deleteForwarding(ForwardingEntry(link: vxlan, mac: nobody, vtep: vtep)))
        }
        for (address, mac) in neighbours.updates {
            changes.append(.replaceNeighbour(NeighbourEntry(link: bridge, address: address, mac: mac)))
        }
        for (mac, vtep) in forwarding.updates {
            changes.append(.replaceForwarding(ForwardingEntry(link: vxlan, mac: mac, vtep: vtep)))
        }
        for (vtep, _) in flooding.updates {
            changes.append(.replaceForwarding(ForwardingEntry(link: vxlan, mac: nobody, vtep: vtep)))
        }
    }
}

/// A device to be made or changed.
struct LinkWrite {
    let name: String
    let wish: LinkShape
    /// Whether a device of that name is there, of whatever kind.
    let isThere: Bool
    let actual: LinkShape?

    /// A port needs its bridge: what others stand on comes first.
    fileprivate var rank: Int {
        switch name {
        case "lo": 0
        case KernelNames.bridge: 1
        default: 2
        }
    }
}

extension ManagedNamespace {
    fileprivate var linksToWrite: [LinkWrite] {
        let writes = objects.updates.compactMap { object, state -> LinkWrite? in
            guard case (.link(let name), .link(let wish)) = (object, state) else { return nil }
            let actual = objects.actual(at: object)
            guard case .link(let shape) = actual else { return LinkWrite(name: name, wish: wish, isThere: actual != nil, actual: nil) }
            return LinkWrite(name: name, wish: wish, isThere: true, actual: shape)
        }
        return writes.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }
    }

    /// Whether the device that something stands on is there, or is about to be.
    fileprivate func isPossible(_ object: KernelObject, _ state: ObjectState, made: [KernelObject]) -> Bool {
        let link: String
        switch (object, state) {
        case (.port(let name), _): link = name
        case (.address(let entry), _): link = entry.link
        case (_, .route(let route)): link = route.link
        default: return true
        }
        // The host's loopback is there, and is not ours.
        return link == ObjectPlan.loopback || objects.actual(at: .link(link)) != nil || made.contains(.link(link))
    }
}
