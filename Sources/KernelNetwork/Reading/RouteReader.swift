import CMnl
import Glibc
import NetworkModel

/// Reads one route of the main table.
enum RouteReader {
    struct Hop {
        var index: Int32
        var gateway: IPAddress?
    }

    struct Found {
        let destination: Subnet
        let hops: [Hop]
    }

    /// nil for what is no unicast route of the main table, and for what IPv6 adds by itself: to link-local addresses and to a device's
    /// own addresses.
    static func route(_ message: Message, _ family: IPFamily) -> Found? {
        guard message.type == MessageType.newRoute, let header = message.read(rtmsg.self), header.rtm_type == UInt8(RTN_UNICAST),
            Int32(header.rtm_family) == family.number,
            header.rtm_flags & UInt32(RTM_F_CLONED) == 0
        else { return nil }
        var base = IPAddress(family: family, bits: 0)
        var table = UInt32(header.rtm_table)
        var hop = Hop(index: 0)
        var hops: [Hop] = []
        for attribute in message.attributes(after: rtmsg.self) {
            switch attribute.type {
            case Int(RTA_DST.rawValue): base = attribute.address ?? base
            case Int(RTA_TABLE.rawValue): table = attribute.uint32 ?? table
            case Int(RTA_GATEWAY.rawValue): hop.gateway = attribute.address
            case Int(RTA_OIF.rawValue): hop.index = attribute.int32 ?? 0
            case Int(RTA_MULTIPATH.rawValue): hops = attribute.hops
            default: break
            }
        }
        guard table == UInt32(RT_TABLE_MAIN.rawValue) else { return nil }
        let destination = Subnet(containing: base, prefixLength: Int(header.rtm_dst_len))
        guard !isAutomatic(destination, header) else { return nil }
        if hop.index != 0 { hops.append(hop) }
        return Found(destination: destination, hops: hops)
    }

    private static func isAutomatic(_ destination: Subnet, _ header: rtmsg) -> Bool {
        guard destination.family == .v6, header.rtm_protocol == UInt8(RTPROT_KERNEL) else { return false }
        return destination.base.isLinkLocal || destination.prefixLength == destination.family.width
    }
}

extension Attribute {
    /// RTA_MULTIPATH: a run of rtnexthop, each with attributes of its own.
    fileprivate var hops: [RouteReader.Hop] {
        var hops: [RouteReader.Hop] = []
        let size = MemoryLayout<rtnexthop>.size
        unsafe withBytes { bytes in
            var rest = unsafe bytes
            while rest.count >= size {
                let header = unsafe rest.loadUnaligned(as: rtnexthop.self)
                let length = Int(header.rtnh_len)
                guard length >= size, length <= rest.count else { return }
                let attributes = unsafe Attributes(in: UnsafeRawBufferPointer(rebasing: rest[size..<length]))
                let gateway = attributes.first { $0.type == Int(RTA_GATEWAY.rawValue) }?.address
                hops.append(RouteReader.Hop(index: header.rtnh_ifindex, gateway: gateway))
                unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst((length + 3) & ~3))
            }
        }
        return hops
    }
}
