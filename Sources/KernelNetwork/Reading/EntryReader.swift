import CMnl
import Glibc
import NetworkModel

/// Reads what is on the devices of a namespace.
struct EntryReader {
    let connection: Connection
    /// The devices' names by their indices.
    let names: [Int32: String]
    private var addresses: Set<AddressEntry> = []
    private var routes: Set<RouteEntry> = []
    private var neighbours: Set<NeighbourEntry> = []
    private var forwarding: Set<ForwardingEntry> = []
    private var halfForwarding: Set<ForwardingEntry> = []

    init(connection: Connection, names: [Int32: String]) {
        self.connection = connection
        self.names = names
    }

    func state(with links: [Int32: LinkState]) -> KernelState {
        KernelState(
            links: Dictionary(links.values.map { ($0.name, $0) }) { first, _ in first }, addresses: addresses, routes: routes,
            neighbours: neighbours, forwarding: forwarding, halfForwarding: halfForwarding)
    }

    // MARK: Addresses

    mutating func readAddresses() throws(Interruption) {
        var found: [(index: UInt32, address: InterfaceAddress)] = []
        try connection.readAll(MessageType.getAddress, "addresses") { writer in
            writer.put(ifaddrmsg())
        } each: { message in
            guard message.type == MessageType.newAddress, let header = message.read(ifaddrmsg.self) else { return }
            if let address = Self.address(message, header) { found.append((header.ifa_index, address)) }
        }
        for (index, address) in found {
            addresses.insert(AddressEntry(link: try name(Int32(truncatingIfNeeded: index)), address: address))
        }
    }

    /// nil for the link-local addresses that the kernel gives by itself.
    private static func address(_ message: Message, _ header: ifaddrmsg) -> InterfaceAddress? {
        var address: IPAddress?
        var isLocal = false
        for attribute in message.attributes(after: ifaddrmsg.self) {
            switch attribute.type {
            // On a point-to-point device IFA_ADDRESS is the other end; IPv6 has no IFA_LOCAL otherwise.
            case IFA_LOCAL:
                address = attribute.address
                isLocal = true
            case IFA_ADDRESS where !isLocal: address = attribute.address
            case IFA_PROTO where attribute.uint8 == UInt8(IFAPROT_KERNEL_LL): return nil
            default: break
            }
        }
        return address.flatMap { try? InterfaceAddress($0, prefixLength: Int(header.ifa_prefixlen)) }
    }

    // MARK: Routes

    mutating func readRoutes(_ family: IPFamily) throws(Interruption) {
        var found: [RouteReader.Found] = []
        // ENOENT: the table is made with its first route.
        try connection.readAll(MessageType.getRoute, "routes", absence: ENOENT) { writer in
            var header = rtmsg()
            header.rtm_family = UInt8(family.number)
            header.rtm_table = UInt8(RT_TABLE_MAIN.rawValue)
            writer.put(header)
        } each: { message in
            if let route = RouteReader.route(message, family) { found.append(route) }
        }
        for route in found {
            for hop in route.hops {
                routes.insert(RouteEntry(destination: route.destination, gateway: hop.gateway, link: try name(hop.index)))
            }
        }
    }

    // MARK: Neighbours and forwarding entries

    mutating func readNeighbours(_ family: IPFamily) throws(Interruption) {
        var found: [NeighbourEntry] = []
        var isStrange = false
        try connection.readAll(MessageType.getNeighbour, "neighbours") { writer in
            writer.put(NeighbourMessages.header(family.number, 0, state: 0))
        } each: { message in
            guard let header = message.read(ndmsg.self), header.ndm_state & UInt16(NUD_PERMANENT) != 0 else { return }
            let target = NeighbourTarget(message)
            guard let address = target.address, let mac = target.mac else { return }
            guard let link = names[header.ndm_ifindex] else {
                isStrange = true
                return
            }
            found.append(NeighbourEntry(link: link, address: address, mac: mac))
        }
        guard !isStrange else { throw .again }
        neighbours.formUnion(found)
    }

    /// Only what this device and its bridge have: without the filter the kernel would go through the whole table once a port.
    mutating func readForwarding(of link: LinkState, _ index: Int32) throws(Interruption) {
        var own: [ForwardingEntry] = []
        var halves: Set<MACAddress> = []
        try connection.readAll(MessageType.getNeighbour, "forwarding entries") { writer in
            writer.put(NeighbourMessages.header(AF_BRIDGE, index, state: 0))
        } each: { message in
            guard let header = message.read(ndmsg.self), header.ndm_ifindex == index else { return }
            let target = NeighbourTarget(message)
            guard let mac = target.mac else { return }
            if Int32(header.ndm_flags) & NTF_SELF != 0 {
                if let vtep = target.address { own.append(ForwardingEntry(link: link.name, mac: mac, vtep: vtep)) }
            } else if target.isUntagged, header.ndm_state & UInt16(NUD_NOARP) != 0 {
                halves.insert(mac)
            }
        }
        for entry in own {
            if entry.isFlooding || halves.contains(entry.mac) { forwarding.insert(entry) } else { halfForwarding.insert(entry) }
        }
    }

    /// A device that came in between.
    private func name(_ index: Int32) throws(Interruption) -> String {
        guard let name = names[index] else { throw .again }
        return name
    }
}

/// What a neighbour or a forwarding entry says.
private struct NeighbourTarget {
    private(set) var address: IPAddress?
    private(set) var mac: MACAddress?
    private(set) var isUntagged = true

    init(_ message: Message) {
        for attribute in message.attributes(after: ndmsg.self) {
            switch attribute.type {
            case NDA_DST: address = attribute.address
            case NDA_LLADDR: mac = attribute.mac
            case NDA_VLAN: isUntagged = attribute.uint16 == 0
            default: break
            }
        }
    }
}
