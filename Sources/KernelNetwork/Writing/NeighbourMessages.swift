import CMnl
import Glibc
import NetworkModel

/// The messages that write neighbours and forwarding entries: of both there may be tens of thousands.
enum NeighbourMessages {
    static func write(_ entry: NeighbourEntry, on index: Int32, with writer: MessageWriter) {
        writer.put(header(entry.address.family.number, index, state: NUD_PERMANENT))
        writer.put(NDA_DST, entry.address)
        writer.put(NDA_LLADDR, entry.mac)
    }

    /// By device and address, whatever the MAC.
    static func delete(_ entry: NeighbourEntry, on index: Int32, with writer: MessageWriter) {
        writer.put(header(entry.address.family.number, index, state: 0))
        writer.put(NDA_DST, entry.address)
    }

    /// The header of a neighbour. In C the numbers are of no particular width.
    static func header(_ family: Int32, _ index: Int32, state: Int32, flags: Int32 = 0) -> ndmsg {
        var header = ndmsg()
        header.ndm_family = UInt8(truncatingIfNeeded: family)
        header.ndm_ifindex = index
        header.ndm_state = UInt16(truncatingIfNeeded: state)
        header.ndm_flags = UInt8(truncatingIfNeeded: flags)
        return header
    }
}

enum ForwardingMessages {
    /// As `bridge fdb … static` writes them: not learned, and they do not age.
    private static let state = NUD_NOARP | NUD_REACHABLE

    /// The device's entry and the bridge's in one message; the flooding entry is the device's alone.
    static func write(_ entry: ForwardingEntry, on index: Int32, with writer: MessageWriter) {
        let flags = entry.isFlooding ? NTF_SELF : NTF_SELF | NTF_MASTER
        writer.put(NeighbourMessages.header(AF_BRIDGE, index, state: state, flags: flags))
        writer.put(NDA_LLADDR, entry.mac)
        writer.put(NDA_DST, entry.vtep)
    }

    /// The device's entry, which goes by MAC and VTEP.
    static func deleteOwn(_ entry: ForwardingEntry, on index: Int32, with writer: MessageWriter) {
        writer.put(NeighbourMessages.header(AF_BRIDGE, index, state: state, flags: NTF_SELF))
        writer.put(NDA_LLADDR, entry.mac)
        writer.put(NDA_DST, entry.vtep)
    }

    /// The bridge's entry, which goes by MAC.
    static func deleteHalf(_ entry: ForwardingEntry, on index: Int32, with writer: MessageWriter) {
        writer.put(NeighbourMessages.header(AF_BRIDGE, index, state: state, flags: NTF_MASTER))
        writer.put(NDA_LLADDR, entry.mac)
    }
}

extension ForwardingEntry {
    /// All zeros: one for each VTEP that gets what the device has no other entry for.
    var isFlooding: Bool { mac.bits == 0 }
}
