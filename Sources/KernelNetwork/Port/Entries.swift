public import NetworkModel

/// An address on a device.
public struct AddressEntry: Hashable, Sendable {
    public var link: String
    public var address: InterfaceAddress

    public init(link: String, address: InterfaceAddress) {
        self.link = link
        self.address = address
    }
}

/// A route in the main table.
public struct RouteEntry: Hashable, Sendable {
    public var destination: Subnet
    public var gateway: IPAddress?
    public var link: String

    /// - Parameter destination: `0.0.0.0/0` or `::/0` for the default route.
    public init(destination: Subnet, gateway: IPAddress?, link: String) {
        self.destination = destination
        self.gateway = gateway
        self.link = link
    }
}

/// A permanent neighbour (NUD_PERMANENT): an address on a device and the MAC it is reached at.
public struct NeighbourEntry: Hashable, Sendable {
    public var link: String
    public var address: IPAddress
    public var mac: MACAddress

    public init(link: String, address: IPAddress, mac: MACAddress) {
        self.link = link
        self.address = address
        self.mac = mac
    }
}

/// A static forwarding entry of a VXLAN device that is a bridge port: the bridge's and the device's own, written in one message
/// (NTF_SELF and NTF_MASTER; `bridge fdb replace … self master static`).
public struct ForwardingEntry: Hashable, Sendable {
    public var link: String
    /// All zeros is the flooding entry: one for each VTEP that gets a copy (written to the device only).
    public var mac: MACAddress
    public var vtep: IPAddress

    public init(link: String, mac: MACAddress, vtep: IPAddress) {
        self.link = link
        self.mac = mac
        self.vtep = vtep
    }
}

/// What the kernel has in one namespace, from one uninterrupted dump of each kind.
public struct KernelState: Hashable, Sendable {
    public var links: [String: LinkState]
    public var addresses: Set<AddressEntry>
    public var routes: Set<RouteEntry>
    /// The permanent ones only.
    public var neighbours: Set<NeighbourEntry>
    /// Those with a destination, of VXLAN devices; an entry that lacks its bridge half is not among them, so that it is written again.
    public var forwarding: Set<ForwardingEntry>
    /// Entries that a VXLAN device has and its bridge has not: somebody else's, or half of one of ours.
    public var halfForwarding: Set<ForwardingEntry>

    public init(
        links: [String: LinkState] = [:], addresses: Set<AddressEntry> = [], routes: Set<RouteEntry> = [],
        neighbours: Set<NeighbourEntry> = [], forwarding: Set<ForwardingEntry> = [], halfForwarding: Set<ForwardingEntry> = []
    ) {
        self.links = links
        self.addresses = addresses
        self.routes = routes
        self.neighbours = neighbours
        self.forwarding = forwarding
        self.halfForwarding = halfForwarding
    }
}
