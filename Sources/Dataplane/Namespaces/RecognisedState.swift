import DesiredState
import KernelNetwork
import NetworkModel

/// What a dump has that is ours, in the form in which plans are compared with it. The rest is left out, so nothing touches it.
struct RecognisedState {
    private(set) var objects: [KernelObject: ObjectState] = [:]
    private(set) var neighbours: [IPAddress: MACAddress] = [:]
    private(set) var forwarding: [MACAddress: IPAddress] = [:]
    private(set) var flooding: [IPAddress: Bool] = [:]
    private(set) var strays: [KernelChange] = []

    init(_ state: KernelState, of space: ManagedNamespace) {
        var links: Set<String> = []
        for link in state.links.values {
            let wish = Self.wish(for: link.name, in: space)
            guard space.ownership.includes(link, isPlanned: wish != nil) else { continue }
            objects[.link(link.name)] = .link(LinkShape(link, comparedWith: wish))
            if link.kind != .loopback { links.insert(link.name) }
            if let port = link.port, space.objects.wish(for: .port(link.name)) != .nothing { objects[.port(link.name)] = .port(port) }
        }
        add(state, on: Self.addressed(links, in: space))
        if case .host = space.ownership { addNameService(state) }
        guard space.ownership.makesPairs else { return }
        addEntries(state, of: space)
    }

    private static func wish(for link: String, in space: ManagedNamespace) -> LinkShape? {
        guard case .value(.link(let shape)) = space.objects.wish(for: .link(link)) else { return nil }
        return shape
    }

    /// A sandbox's device without a planned address is of a network without subnets: what is on it is its user's.
    private static func addressed(_ links: Set<String>, in space: ManagedNamespace) -> Set<String> {
        guard case .sandbox = space.ownership else { return links }
        return links.filter { link in
            space.objects.desired.keys.contains { if case .address(let entry) = $0 { entry.link == link } else { false } }
        }
    }

    /// Addresses and default routes on our devices. The kernel gives each device an IPv6 link-local address by itself.
    private mutating func add(_ state: KernelState, on links: Set<String>) {
        for entry in state.addresses where links.contains(entry.link) {
            guard entry.address.address.family == .v4 || !entry.address.address.isLinkLocal else { continue }
            objects[.address(entry)] = .address
        }
        for route in state.routes where route.destination.prefixLength == 0 && links.contains(route.link) {
            objects[.defaultRoute(route.destination.family)] = .route(route)
        }
    }

    /// On the host's loopback one address is ours, and nothing else.
    private mutating func addNameService(_ state: KernelState) {
        let entry = AddressEntry(link: ObjectPlan.loopback, address: .nameService)
        if state.addresses.contains(entry) { objects[.address(entry)] = .address }
    }

    private mutating func addEntries(_ state: KernelState, of space: ManagedNamespace) {
        for entry in state.neighbours where entry.link == KernelNames.bridge { neighbours[entry.address] = entry.mac }
        for entry in state.forwarding where entry.link == KernelNames.vxlan {
            if entry.mac.bits == 0 { flooding[entry.vtep] = true } else { add(entry, of: space) }
        }
        for entry in state.halfForwarding where entry.link == KernelNames.vxlan {
            // One that should be there is written whole; one that may be anything stays.
            if space.forwarding.wish(for: entry.mac) == .nothing { strays.append(.deleteForwarding(entry)) }
        }
    }

    /// A device may have several destinations for one MAC: only somebody else adds a second.
    private mutating func add(_ entry: ForwardingEntry, of space: ManagedNamespace) {
        guard let other = forwarding[entry.mac] else {
            forwarding[entry.mac] = entry.vtep
            return
        }
        let isWanted = space.forwarding.wish(for: entry.mac) == .value(entry.vtep)
        if isWanted { forwarding[entry.mac] = entry.vtep }
        strays.append(.deleteForwarding(ForwardingEntry(link: entry.link, mac: entry.mac, vtep: isWanted ? other : entry.vtep)))
    }
}
