import CMnl
import CNetlinkRoute
import Glibc
import NetworkModel

/// The messages that write addresses.
enum AddressMessages {
    static func replace(_ entry: AddressEntry, on index: Int32) throws(KernelError) -> BuiltMessage {
        let address = try LibraryInterfaceAddress(entry, on: index)
        return try unsafe BuiltMessage("cannot describe \(entry.address)") {
            unsafe rtnl_addr_build_add_request(address.pointer, Int32(MessageFlags.replace), $0)
        }
    }

    static func delete(_ entry: AddressEntry, on index: Int32) throws(KernelError) -> BuiltMessage {
        let address = try LibraryInterfaceAddress(entry, on: index)
        return try unsafe BuiltMessage("cannot describe \(entry.address)") { unsafe rtnl_addr_build_delete_request(address.pointer, 0, $0) }
    }
}

/// The messages that write routes of the main table.
enum RouteMessages {
    static func replace(_ entry: RouteEntry, through index: Int32) throws(KernelError) -> BuiltMessage {
        let route = try LibraryRoute(entry, through: index, protocol: UInt8(RTPROT_STATIC))
        return try unsafe BuiltMessage("cannot describe the route to \(entry.destination)") {
            unsafe rtnl_route_build_add_request(route.pointer, Int32(MessageFlags.replace), $0)
        }
    }

    /// Whoever made it.
    static func delete(_ entry: RouteEntry, through index: Int32) throws(KernelError) -> BuiltMessage {
        let route = try LibraryRoute(entry, through: index, protocol: UInt8(RTPROT_UNSPEC))
        return try unsafe BuiltMessage("cannot describe the route to \(entry.destination)") {
            unsafe rtnl_route_build_del_request(route.pointer, 0, $0)
        }
    }
}

@safe private struct LibraryInterfaceAddress: ~Copyable {
    let pointer: OpaquePointer

    init(_ entry: AddressEntry, on index: Int32) throws(KernelError) {
        let local = try LibraryAddress(entry.address.address, prefixLength: entry.address.prefixLength)
        guard let allocated = unsafe rtnl_addr_alloc() else { throw .errno(ENOMEM, "cannot describe \(entry.address)") }
        unsafe pointer = allocated
        unsafe rtnl_addr_set_local(allocated, local.pointer)
        unsafe rtnl_addr_set_ifindex(allocated, index)
        // The catalog gives an address to one owner, and a gateway's is the same on every host: there is nothing to detect, and an
        // address that is being probed cannot be used yet.
        if entry.address.address.family == .v6 { unsafe rtnl_addr_set_flags(allocated, UInt32(IFA_F_NODAD)) }
    }

    deinit { unsafe rtnl_addr_put(pointer) }
}

@safe private struct LibraryRoute: ~Copyable {
    let pointer: OpaquePointer

    init(_ entry: RouteEntry, through index: Int32, protocol number: UInt8) throws(KernelError) {
        let destination = try LibraryAddress(entry.destination.base, prefixLength: entry.destination.prefixLength)
        let gateway: LibraryAddress? = if let address = entry.gateway { try LibraryAddress(address) } else { nil }
        guard let allocated = unsafe rtnl_route_alloc(), let hop = unsafe rtnl_route_nh_alloc() else {
            throw .errno(ENOMEM, "cannot describe the route to \(entry.destination)")
        }
        unsafe pointer = allocated
        unsafe rtnl_route_set_family(allocated, UInt8(entry.destination.family.number))
        unsafe rtnl_route_set_table(allocated, UInt32(RT_TABLE_MAIN.rawValue))
        unsafe rtnl_route_set_protocol(allocated, number)
        unsafe rtnl_route_set_dst(allocated, destination.pointer)
        unsafe rtnl_route_nh_set_ifindex(hop, index)
        // From here on it goes with the route.
        unsafe rtnl_route_add_nexthop(allocated, hop)
        if let gateway { unsafe rtnl_route_nh_set_gateway(hop, gateway.pointer) }
    }

    deinit { unsafe rtnl_route_put(pointer) }
}
