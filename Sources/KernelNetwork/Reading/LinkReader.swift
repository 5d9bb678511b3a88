import CMnl
import Glibc
import NetworkModel

/// Reads the devices of a namespace.
struct LinkReader {
    let connection: Connection

    /// By index.
    func read() throws(Interruption) -> [Int32: LinkState] {
        var links: [Int32: LinkState] = [:]
        var masters: [Int32: Int32] = [:]
        try connection.readAll(MessageType.getLink, "devices") { writer in
            writer.put(ifinfomsg())
            // Without the counters, which are most of a device's message.
            writer.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
        } each: { message in
            guard message.type == MessageType.newLink, let header = message.read(ifinfomsg.self) else { return }
            let found = Self.link(message, header)
            links[header.ifi_index] = found.link
            masters[header.ifi_index] = found.master
        }
        for (index, master) in masters {
            // A master that came in between.
            guard let name = links[master]?.name else { throw .again }
            links[index]?.master = name
        }
        return links
    }

    private static func link(_ message: Message, _ header: ifinfomsg) -> (link: LinkState, master: Int32?) {
        let isLoopback = header.ifi_type == UInt16(ARPHRD_LOOPBACK)
        var link = LinkState(
            name: "", index: header.ifi_index, kind: isLoopback ? .loopback : .other(""), mtu: 0,
            isUp: header.ifi_flags & UInt32(IFF_UP.rawValue) != 0)
        var master: Int32?
        for attribute in message.attributes(after: ifinfomsg.self) {
            switch attribute.type {
            case IFLA_IFNAME: link.name = attribute.string
            case IFLA_MTU: link.mtu = Int(attribute.uint32 ?? 0)
            case IFLA_ADDRESS: link.mac = isLoopback ? nil : attribute.mac
            case IFLA_IFALIAS: link.alias = attribute.string
            case IFLA_MASTER: master = attribute.int32
            case IFLA_LINKINFO: LinkDetails(attribute.nested).describe(&link)
            default: break
            }
        }
        return (link, master)
    }
}

/// What IFLA_LINKINFO says: the kind of a device, and what it is as somebody's port.
private struct LinkDetails {
    private var kind = ""
    private var data: Attributes?
    private var portKind = ""
    private var portData: Attributes?

    init(_ attributes: Attributes) {
        for attribute in attributes {
            switch attribute.type {
            case IFLA_INFO_KIND: kind = attribute.string
            case IFLA_INFO_DATA: data = attribute.nested
            case IFLA_INFO_SLAVE_KIND: portKind = attribute.string
            case IFLA_INFO_SLAVE_DATA: portData = attribute.nested
            default: break
            }
        }
    }

    func describe(_ link: inout LinkState) {
        switch kind {
        case "bridge": link.kind = .bridge
        case "veth": link.kind = .veth
        case "vxlan": link.kind = data.flatMap(vxlan) ?? .other(kind)
        default: link.kind = .other(kind)
        }
        if portKind == "bridge" { link.port = portData.flatMap(port) }
    }

    /// nil for a device that is not as ours are: one that learns.
    private func vxlan(_ data: Attributes) -> LinkState.Kind? {
        var vni: VNI?
        var port: UInt16 = 0
        var local: IPAddress?
        var learns = true
        for attribute in data {
            switch attribute.type {
            case IFLA_VXLAN_ID: vni = attribute.uint32.flatMap { try? VNI($0) }
            case IFLA_VXLAN_PORT: port = UInt16(bigEndian: attribute.uint16 ?? 0)
            case IFLA_VXLAN_LOCAL, IFLA_VXLAN_LOCAL6: local = attribute.address
            case IFLA_VXLAN_LEARNING: learns = attribute.uint8 != 0
            default: break
            }
        }
        guard let vni, !learns else { return nil }
        return .vxlan(vni, port: port, local: local)
    }

    /// nil if the switches that are one for us stand differently.
    private func port(_ data: Attributes) -> BridgePortFlags? {
        var flags = BridgePortFlags(learning: false, flooding: false, neighbourSuppression: false)
        var flooding: Set<Bool> = []
        for attribute in data {
            let isOn = attribute.uint8 == 1
            switch attribute.type {
            case IFLA_BRPORT_LEARNING: flags.learning = isOn
            case IFLA_BRPORT_NEIGH_SUPPRESS: flags.neighbourSuppression = isOn
            case let type where PortSwitches.flooding.contains(type): flooding.insert(isOn)
            default: break
            }
        }
        guard flooding.count == 1 else { return nil }
        flags.flooding = flooding.contains(true)
        return flags
    }
}
