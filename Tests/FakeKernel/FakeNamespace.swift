import Glibc
public import KernelNetwork
public import NetworkModel

/// One namespace of a fake kernel, open to tests that tamper with it. The rules it keeps are those of the real one.
public struct FakeNamespace: Sendable {
    public var links: [String: LinkState]
    public var addresses: Set<AddressEntry> = []
    public var routes: Set<RouteEntry> = []
    /// By device and address.
    public var neighbours: [String: [IPAddress: MACAddress]] = [:]
    /// What VXLAN devices have (`NTF_SELF`), by device and MAC.
    public var forwarding: [String: [MACAddress: IPAddress]] = [:]
    /// What the bridge has of the same (`NTF_MASTER`).
    public var bridgeHalves: [String: Set<MACAddress>] = [:]
    /// The VTEPs that a VXLAN device floods to.
    public var flooding: [String: Set<IPAddress>] = [:]
    public var rules: PacketRules?
    public var systemControls: [String: String] = [:]
    public var processes: [Int32] = []
    public var sockets: [FakeSocket] = []

    init(loopback index: Int32) {
        links = ["lo": LinkState(name: "lo", index: index, kind: .loopback, mtu: 65_536, isUp: true)]
    }

    /// What a dump shows: entries without their bridge half are left out.
    var state: KernelState {
        KernelState(
            links: links, addresses: addresses, routes: routes,
            neighbours: Set(
                neighbours.flatMap { link, entries in entries.map { NeighbourEntry(link: link, address: $0, mac: $1) } }),
            forwarding: Set(unicastEntries(whole: true) + floodingEntries), halfForwarding: Set(unicastEntries(whole: false)))
    }

    private func unicastEntries(whole: Bool) -> [ForwardingEntry] {
        forwarding.flatMap { link, entries in
            let halves = bridgeHalves[link] ?? []
            return entries.filter { halves.contains($0.key) == whole }.map { ForwardingEntry(link: link, mac: $0, vtep: $1) }
        }
    }

    private var floodingEntries: [ForwardingEntry] {
        flooding.flatMap { link, vteps in vteps.map { ForwardingEntry(link: link, mac: .flooding, vtep: $0) } }
    }

    func link(_ name: String, for what: String) throws(KernelError) -> LinkState {
        guard let link = links[name] else { throw .errno(ENODEV, "cannot \(what): no device \(name)") }
        return link
    }

    // MARK: Devices

    /// Takes a device away with all that is on it.
    mutating func removeLink(_ name: String) {
        links[name] = nil
        addresses = addresses.filter { $0.link != name }
        routes = routes.filter { $0.link != name }
        neighbours[name] = nil
        forwarding[name] = nil
        bridgeHalves[name] = nil
        flooding[name] = nil
        systemControls = systemControls.filter { !$0.key.contains("/conf/\(name)/") }
        for (port, state) in links where state.master == name { detach(port) }
    }

    mutating func update(_ name: String, _ update: LinkUpdate) throws(KernelError) {
        var link = try link(name, for: "change \(name)")
        if let master = update.master { _ = try self.link(master, for: "make \(name) a port of \(master)") }
        if let mac = update.mac {
            link.mac = mac
            // neigh_changeaddr() in net/core/neighbour.c, also when the address is the same.
            neighbours[name] = nil
        }
        link.mtu = update.mtu ?? link.mtu
        link.alias = update.alias ?? link.alias
        links[name] = link
        if let isUp = update.isUp { setUp(isUp, name) }
        // The last that do_setlink() in net/core/rtnetlink.c does: what came before stays when it fails.
        if let master = update.master, master != link.master { try attach(name, to: master) }
    }

    private mutating func attach(_ name: String, to master: String) throws(KernelError) {
        guard links[master]?.kind == .bridge else { throw .errno(EOPNOTSUPP, "\(master) is not a bridge") }
        guard links[name]?.kind != .bridge else { throw .errno(ELOOP, "a bridge is no port of a bridge") }
        links[name]?.master = master
        links[name]?.port = BridgePortFlags(learning: true, flooding: true, neighbourSuppression: false)
        bridgeHalves[name] = nil
    }

    private mutating func detach(_ name: String) {
        links[name]?.master = nil
        links[name]?.port = nil
        bridgeHalves[name] = nil
    }

    /// The kernel adds the routes of a device's own subnets when it comes up, and flushes routes and neighbours when it goes down.
    private mutating func setUp(_ isUp: Bool, _ name: String) {
        guard links[name]?.isUp != isUp else { return }
        links[name]?.isUp = isUp
        if isUp {
            for entry in addresses where entry.link == name { addConnectedRoute(entry) }
        } else {
            routes = routes.filter { $0.link != name }
            neighbours[name] = nil
            addresses = addresses.filter { $0.link != name || $0.address.address.family == .v4 }
        }
    }

    mutating func setPort(_ name: String, _ flags: BridgePortFlags) throws(KernelError) {
        let link = try link(name, for: "set the port \(name)")
        guard link.master != nil else { throw .errno(EOPNOTSUPP, "\(name) is not a bridge port") }
        links[name]?.port = flags
    }

    // MARK: Addresses and routes

    mutating func replace(_ entry: AddressEntry) throws(KernelError) {
        let link = try link(entry.link, for: "add \(entry.address)")
        addresses.insert(entry)
        if link.isUp { addConnectedRoute(entry) }
    }

    mutating func delete(_ entry: AddressEntry) {
        guard addresses.remove(entry) != nil else { return }
        if entry.address.address.family == .v4 { disableIfBare(entry.link) }
        let subnet = entry.address.subnet
        guard !addresses.contains(where: { $0.link == entry.link && $0.address.subnet == subnet }) else { return }
        routes.remove(RouteEntry(destination: subnet, gateway: nil, link: entry.link))
    }

    /// With its last IPv4 address a device loses its IPv4 routes and neighbours, permanent ones too: fib_disable_ip() in
    /// net/ipv4/fib_frontend.c.
    private mutating func disableIfBare(_ link: String) {
        guard !addresses.contains(where: { $0.link == link && $0.address.address.family == .v4 }) else { return }
        routes = routes.filter { $0.link != link || $0.destination.family != .v4 }
        neighbours[link] = neighbours[link]?.filter { $0.key.family != .v4 }
    }

    private mutating func addConnectedRoute(_ entry: AddressEntry) {
        let address = entry.address
        guard address.prefixLength < address.address.family.width else { return }
        routes.insert(RouteEntry(destination: address.subnet, gateway: nil, link: entry.link))
    }

    mutating func replace(_ route: RouteEntry) throws(KernelError) {
        let link = try link(route.link, for: "add the route to \(route.destination)")
        if let gateway = route.gateway {
            guard routes.contains(where: { $0.link == route.link && $0.gateway == nil && $0.destination.contains(gateway) }) else {
                let number = gateway.family == .v4 ? ENETUNREACH : EHOSTUNREACH
                throw .errno(number, "cannot add the route to \(route.destination): \(gateway) is not on \(route.link)")
            }
        }
        guard link.isUp else { throw .errno(ENETDOWN, "cannot add the route to \(route.destination): \(route.link) is down") }
        routes = routes.filter { $0.destination != route.destination }
        routes.insert(route)
    }

    // MARK: Neighbours and forwarding entries

    mutating func replace(_ entry: NeighbourEntry) throws(KernelError) {
        _ = try link(entry.link, for: "add the neighbour \(entry.address)")
        neighbours[entry.link, default: [:]][entry.address] = entry.mac
    }

    /// The kernel deletes by device and address, whatever the MAC.
    mutating func delete(_ entry: NeighbourEntry) {
        neighbours[entry.link]?[entry.address] = nil
    }

    mutating func replace(_ entry: ForwardingEntry) throws(KernelError) {
        let link = try link(entry.link, for: "forward \(entry.mac)")
        guard case .vxlan = link.kind else { throw .errno(EINVAL, "\(entry.link) is not a VXLAN device") }
        guard entry.mac != .flooding else {
            flooding[entry.link, default: []].insert(entry.vtep)
            return
        }
        forwarding[entry.link, default: [:]][entry.mac] = entry.vtep
        if link.master != nil { bridgeHalves[entry.link, default: []].insert(entry.mac) }
    }

    /// The bridge's half goes by MAC, whatever the VTEP.
    mutating func delete(_ entry: ForwardingEntry) {
        guard entry.mac != .flooding else {
            flooding[entry.link]?.remove(entry.vtep)
            return
        }
        bridgeHalves[entry.link]?.remove(entry.mac)
        if forwarding[entry.link]?[entry.mac] == entry.vtep { forwarding[entry.link]?[entry.mac] = nil }
    }
}

/// A socket that was opened in a fake namespace: a real one, bound to a loopback port of the test's own host.
public struct FakeSocket: Hashable, Sendable {
    public let kind: SocketKind
    public let address: IPAddress
    public let port: UInt16
    /// Where a test reaches it on 127.0.0.1.
    public let loopbackPort: UInt16
}

extension MACAddress {
    static let flooding = MACAddress(bits: 0)
}

extension KernelError {
    static func errno(_ number: Int32, _ message: String) -> KernelError { KernelError(.errno(number), message) }
}
