import CMnl
import Glibc
import NetworkModel

/// What libnl-route cannot say of bridges and their ports.
enum BridgeMessages {
    static func create(_ spec: LinkSpec, with writer: MessageWriter) {
        writer.put(ifinfomsg())
        writer.put(IFLA_IFNAME, spec.name)
        if let mac = spec.mac { writer.put(IFLA_ADDRESS, mac) }
        writer.nest(IFLA_LINKINFO) {
            writer.put(IFLA_INFO_KIND, "bridge")
            writer.nest(IFLA_INFO_DATA) {
                // Ports are in no VLAN: the kernel would keep each forwarding entry a second time for VLAN 1.
                writer.put(IFLA_BR_VLAN_DEFAULT_PVID, UInt16(0))
            }
        }
    }

    static func set(_ flags: BridgePortFlags, ofPort index: Int32, with writer: MessageWriter) {
        var header = ifinfomsg()
        header.ifi_family = UInt8(AF_BRIDGE)
        header.ifi_index = index
        writer.put(header)
        writer.nest(IFLA_PROTINFO | Int(NLA_F_NESTED)) {
            writer.put(IFLA_BRPORT_LEARNING, flags.learning ? 1 : 0 as UInt8)
            for flooding in PortSwitches.flooding { writer.put(flooding, flags.flooding ? 1 : 0 as UInt8) }
            writer.put(IFLA_BRPORT_NEIGH_SUPPRESS, flags.neighbourSuppression ? 1 : 0 as UInt8)
        }
    }
}

/// The kernel's switches behind one of ours.
enum PortSwitches {
    /// Unknown unicast, multicast, broadcast.
    static let flooding = [
        IFLA_BRPORT_UNICAST_FLOOD, IFLA_BRPORT_MCAST_FLOOD, IFLA_BRPORT_BCAST_FLOOD,
    ]
}
