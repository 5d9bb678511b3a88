import CMnl
import CNetlinkRoute
import Glibc
import NetworkModel

/// The messages that make, change and delete devices.
///
/// Three things cannot be given when a device is made, and follow in a change: an alias, which the kernel would ignore; a bridge's own
/// MTU, which it would change with the bridge's ports; and that a veth's peer is up, which it would refuse.
enum LinkMessages {
    /// A device that libnl knows how to describe: VXLAN or veth. Bridges are made by ``BridgeMessages``.
    /// - Parameter descriptor: of the namespace that the device is to be in; nil for that of the socket.
    static func creation(of spec: LinkSpec, masterIndex: Int32?, in descriptor: Int32?, peer peerDescriptor: Int32?) throws(KernelError)
        -> BuiltMessage
    {
        let link: LibraryLink
        switch spec.kind {
        case .bridge: link = try unsafe LibraryLink(rtnl_link_alloc())
        case .vxlan(let vni, let port, let local): link = try vxlan(vni, port: port, local: local)
        case .veth(let peer): link = try veth(peer, in: peerDescriptor)
        }
        link.set(name: spec.name)
        try link.set(mac: spec.mac)
        link.set(mtu: spec.mtu)
        link.set(master: masterIndex)
        if spec.isUp { link.set(isUp: true) }
        if let descriptor { link.set(namespace: descriptor) }
        return try link.message(flags: MessageFlags.createNew, "describe \(spec.name)")
    }

    private static func vxlan(_ vni: VNI, port: UInt16, local: IPAddress) throws(KernelError) -> LibraryLink {
        let link = try unsafe LibraryLink(rtnl_link_vxlan_alloc())
        let address = try LibraryAddress(local)
        unsafe rtnl_link_vxlan_set_id(link.pointer, vni.rawValue)
        unsafe rtnl_link_vxlan_set_port(link.pointer, UInt32(port))
        unsafe rtnl_link_vxlan_set_local(link.pointer, address.pointer)
        unsafe rtnl_link_vxlan_set_learning(link.pointer, 0)
        return link
    }

    private static func veth(_ peer: VethPeer, in descriptor: Int32?) throws(KernelError) -> LibraryLink {
        let link = try unsafe LibraryLink(rtnl_link_veth_alloc())
        // With a reference of its own.
        let end = try unsafe LibraryLink(rtnl_link_veth_get_peer(link.pointer))
        end.set(name: peer.name)
        try end.set(mac: peer.mac)
        end.set(mtu: peer.mtu)
        if let descriptor { end.set(namespace: descriptor) }
        return link
    }

    static func change(_ name: String, _ update: LinkUpdate, masterIndex: Int32?) throws(KernelError) -> BuiltMessage {
        let link = try unsafe LibraryLink(rtnl_link_alloc())
        link.set(name: name)
        try link.set(mac: update.mac)
        link.set(mtu: update.mtu)
        link.set(master: masterIndex)
        link.set(alias: update.alias)
        if let isUp = update.isUp { link.set(isUp: isUp) }
        return try link.message(flags: 0, "change \(name)")
    }

    static func deletion(of name: String) throws(KernelError) -> BuiltMessage {
        let link = try unsafe LibraryLink(rtnl_link_alloc())
        link.set(name: name)
        return try unsafe BuiltMessage("cannot delete \(name)") { unsafe rtnl_link_build_delete_request(link.pointer, $0) }
    }
}

/// A device as libnl has it.
@safe struct LibraryLink: ~Copyable {
    let pointer: OpaquePointer

    /// - Parameter allocated: owned from here on.
    init(_ allocated: OpaquePointer?) throws(KernelError) {
        guard let allocated = unsafe allocated else { throw .errno(ENOMEM, "cannot describe a device") }
        unsafe pointer = allocated
    }

    deinit { unsafe rtnl_link_put(pointer) }

    func set(name: String) { unsafe rtnl_link_set_name(pointer, name) }
    func set(namespace descriptor: Int32) { unsafe rtnl_link_set_ns_fd(pointer, descriptor) }

    func set(mac: MACAddress?) throws(KernelError) {
        guard let mac else { return }
        let address = try LibraryAddress(mac)
        unsafe rtnl_link_set_addr(pointer, address.pointer)
    }

    func set(mtu: Int?) {
        if let mtu { unsafe rtnl_link_set_mtu(pointer, UInt32(clamping: mtu)) }
    }

    func set(master index: Int32?) {
        if let index { unsafe rtnl_link_set_master(pointer, index) }
    }

    func set(alias: String?) {
        if let alias { unsafe rtnl_link_set_ifalias(pointer, alias) }
    }

    func set(isUp: Bool) {
        let flag = UInt32(IFF_UP.rawValue)
        if isUp { unsafe rtnl_link_set_flags(pointer, flag) } else { unsafe rtnl_link_unset_flags(pointer, flag) }
    }

    func message(flags: UInt16, _ what: String) throws(KernelError) -> BuiltMessage {
        try unsafe BuiltMessage("cannot \(what)") { unsafe rtnl_link_build_add_request(pointer, Int32(flags), $0) }
    }
}
