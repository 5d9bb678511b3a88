public import NetworkModel

/// A network device to be made. Names are 1 to 15 bytes (IFNAMSIZ).
public struct LinkSpec: Hashable, Sendable {
    public var name: String
    public var kind: Kind
    public var mac: MACAddress?
    /// In bytes.
    public var mtu: Int?
    /// The bridge to become a port of.
    public var master: String?
    /// IFLA_IFALIAS, up to 255 bytes: carries the full id by which a device is recognised as ours.
    public var alias: String?
    public var isUp: Bool

    public enum Kind: Hashable, Sendable {
        case bridge
        /// Learning off. Its UDP socket is in the host's namespace, wherever the device is.
        case vxlan(VNI, port: UInt16, local: IPAddress)
        case veth(peer: VethPeer)
    }

    public init(
        name: String, kind: Kind, mac: MACAddress? = nil, mtu: Int? = nil, master: String? = nil, alias: String? = nil, isUp: Bool = true
    ) {
        self.name = name
        self.kind = kind
        self.mac = mac
        self.mtu = mtu
        self.master = master
        self.alias = alias
        self.isUp = isUp
    }
}

/// The other end of a veth pair, made in its own namespace.
public struct VethPeer: Hashable, Sendable {
    public var name: String
    public var namespace: KernelNamespace
    public var mac: MACAddress?
    public var mtu: Int?
    public var alias: String?
    public var isUp: Bool

    public init(
        name: String, namespace: KernelNamespace, mac: MACAddress? = nil, mtu: Int? = nil, alias: String? = nil, isUp: Bool = true
    ) {
        self.name = name
        self.namespace = namespace
        self.mac = mac
        self.mtu = mtu
        self.alias = alias
        self.isUp = isUp
    }
}

/// What may be changed of a device that exists; nil leaves it.
public struct LinkUpdate: Hashable, Sendable {
    public var mac: MACAddress?
    public var mtu: Int?
    public var master: String?
    public var alias: String?
    public var isUp: Bool?

    public init(mac: MACAddress? = nil, mtu: Int? = nil, master: String? = nil, alias: String? = nil, isUp: Bool? = nil) {
        self.mac = mac
        self.mtu = mtu
        self.master = master
        self.alias = alias
        self.isUp = isUp
    }
}

/// A bridge port's switches (linux/if_link.h, IFLA_BRPORT_*).
public struct BridgePortFlags: Hashable, Sendable {
    public var learning: Bool
    /// Unknown unicast, multicast and broadcast are sent out of this port.
    public var flooding: Bool
    /// ARP and neighbour discovery are answered by the bridge from its neighbour table.
    public var neighbourSuppression: Bool

    public init(learning: Bool, flooding: Bool, neighbourSuppression: Bool) {
        self.learning = learning
        self.flooding = flooding
        self.neighbourSuppression = neighbourSuppression
    }
}

/// A device as the kernel has it.
public struct LinkState: Hashable, Sendable {
    public var name: String
    public var index: Int32
    public var kind: Kind
    public var mac: MACAddress?
    public var mtu: Int
    public var master: String?
    public var alias: String?
    public var isUp: Bool
    /// Only for bridge ports; nil also for one whose switches are not as any flags would set them.
    public var port: BridgePortFlags?

    public enum Kind: Hashable, Sendable {
        case bridge
        /// One that learns is `other`.
        case vxlan(VNI, port: UInt16, local: IPAddress?)
        case veth
        case loopback
        /// Any other, by the kernel's name for it; empty for a device without one.
        case other(String)
    }

    public init(
        name: String, index: Int32, kind: Kind, mac: MACAddress? = nil, mtu: Int, master: String? = nil, alias: String? = nil, isUp: Bool,
        port: BridgePortFlags? = nil
    ) {
        self.name = name
        self.index = index
        self.kind = kind
        self.mac = mac
        self.mtu = mtu
        self.master = master
        self.alias = alias
        self.isUp = isUp
        self.port = port
    }
}
