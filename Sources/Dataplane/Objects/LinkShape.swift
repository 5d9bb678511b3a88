import KernelNetwork
import NetworkModel

/// A device as far as it matters here: what is nil is not compared.
struct LinkShape: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case loopback
        case bridge
        case vxlan(VNI, port: UInt16, local: IPAddress?)
        case veth
        case other
    }

    var kind: Kind
    var mac: MACAddress?
    /// In bytes.
    var mtu: Int?
    var master: String?
    var alias: String?
    var isUp: Bool?

    init(kind: Kind, mac: MACAddress? = nil, mtu: Int? = nil, master: String? = nil, alias: String? = nil, isUp: Bool? = nil) {
        self.kind = kind
        self.mac = mac
        self.mtu = mtu
        self.master = master
        self.alias = alias
        self.isUp = isUp
    }

    /// What a device should be like that is made from a description.
    init(_ spec: LinkSpec) {
        let kind: Kind =
            switch spec.kind {
            case .bridge: .bridge
            case .vxlan(let vni, let port, let local): .vxlan(vni, port: port, local: local)
            case .veth: .veth
            }
        self.init(kind: kind, mac: spec.mac, mtu: spec.mtu, master: spec.master, alias: spec.alias, isUp: spec.isUp)
    }

    init(_ peer: VethPeer) {
        self.init(kind: .veth, mac: peer.mac, mtu: peer.mtu, alias: peer.alias, isUp: peer.isUp)
    }

    /// What a dump shows of a device, without what the wish leaves open.
    init(_ state: LinkState, comparedWith wish: LinkShape?) {
        let kind: Kind =
            switch state.kind {
            case .loopback: .loopback
            case .bridge: .bridge
            case .vxlan(let vni, let port, let local): .vxlan(vni, port: port, local: local)
            case .veth: .veth
            case .other: .other
            }
        self.init(kind: kind, mac: state.mac, mtu: state.mtu, master: state.master, alias: state.alias, isUp: state.isUp)
        guard let wish else { return }
        if wish.mac == nil { mac = nil }
        if wish.mtu == nil { mtu = nil }
        if wish.master == nil { master = nil }
        if wish.alias == nil { alias = nil }
        if wish.isUp == nil { isUp = nil }
    }

    /// What has to be changed of a device to make it like a wish, or nil if only a new one will do.
    func update(to wish: LinkShape) -> LinkUpdate? {
        guard kind == wish.kind else { return nil }
        return LinkUpdate(
            mac: mac == wish.mac ? nil : wish.mac, mtu: mtu == wish.mtu ? nil : wish.mtu, master: master == wish.master ? nil : wish.master,
            alias: alias == wish.alias ? nil : wish.alias, isUp: isUp == wish.isUp ? nil : wish.isUp)
    }
}
