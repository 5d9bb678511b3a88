import Glibc
import KernelNetwork
import NetworkModel

/// The namespaces of one fake host, with what goes across them: veth pairs, VXLAN sockets, deletion.
struct FakeMachine {
    var namespaces: [KernelNamespace: FakeNamespace]
    /// The other end of each veth, by the device's index: indices are unique over all namespaces here.
    private var peers: [Int32: Int32] = [:]
    private var nextIndex: Int32 = 2

    init(underlay: InterfaceAddress, mtu: Int) {
        var host = FakeNamespace(loopback: 1)
        host.links["eth0"] = LinkState(
            name: "eth0", index: 2, kind: .other(""), mac: MACAddress(bits: 0x0200_0000_0001), mtu: mtu, isUp: true)
        host.addresses = [AddressEntry(link: "eth0", address: underlay)]
        host.routes = [RouteEntry(destination: underlay.subnet, gateway: nil, link: "eth0")]
        namespaces = [.host: host]
    }

    private mutating func newIndex() -> Int32 {
        nextIndex += 1
        return nextIndex
    }

    /// `/run/netns/a` and the name `a` are the same namespace.
    static func canonical(_ namespace: KernelNamespace) -> KernelNamespace {
        guard case .path(let path) = namespace, path.hasPrefix(KernelNamespace.directory + "/") else { return namespace }
        return .named(String(path.dropFirst(KernelNamespace.directory.count + 1)))
    }

    func namespace(_ place: KernelNamespace) throws(KernelError) -> FakeNamespace {
        guard let found = namespaces[Self.canonical(place)] else { throw Self.absent(place) }
        return found
    }

    private static func absent(_ place: KernelNamespace) -> KernelError {
        KernelError(.noSuchNamespace, "there is no namespace \(place)")
    }

    mutating func change(
        _ place: KernelNamespace, _ body: (inout FakeNamespace) throws(KernelError) -> Void
    ) throws(KernelError) {
        let key = Self.canonical(place)
        // Taken out, so that it is changed in place and not copied.
        guard var changed = namespaces.removeValue(forKey: key) else { throw Self.absent(place) }
        defer { namespaces[key] = changed }
        try body(&changed)
    }

    // MARK: Namespaces

    mutating func create(_ place: KernelNamespace) {
        guard namespaces[Self.canonical(place)] == nil else { return }
        namespaces[Self.canonical(place)] = FakeNamespace(loopback: newIndex())
    }

    mutating func delete(_ place: KernelNamespace) {
        guard let gone = namespaces[Self.canonical(place)] else { return }
        for link in gone.links.values { removePeer(of: link.index) }
        namespaces[Self.canonical(place)] = nil
    }

    // MARK: Changes

    mutating func apply(_ change: KernelChange, in place: KernelNamespace) throws(KernelError) {
        switch change {
        case .addLink(let spec):
            let before = self
            do throws(KernelError) {
                try add(spec, in: place)
            } catch {
                self = before
                throw error
            }
        case .deleteLink(let name): try deleteLink(name, in: place)
        default: try self.change(place) { space throws(KernelError) in try Self.apply(change, to: &space) }
        }
    }

    private static func apply(_ change: KernelChange, to space: inout FakeNamespace) throws(KernelError) {
        switch change {
        case .addLink, .deleteLink: break
        case .updateLink(let name, let update): try space.update(name, update)
        case .setBridgePort(let name, let flags): try space.setPort(name, flags)
        case .replaceAddress(let entry): try space.replace(entry)
        case .deleteAddress(let entry): space.delete(entry)
        case .replaceRoute(let entry): try space.replace(entry)
        case .deleteRoute(let entry): space.routes.remove(entry)
        case .replaceNeighbour(let entry): try space.replace(entry)
        case .deleteNeighbour(let entry): space.delete(entry)
        case .replaceForwarding(let entry): try space.replace(entry)
        case .deleteForwarding(let entry): space.delete(entry)
        }
    }

    private mutating func add(_ spec: LinkSpec, in place: KernelNamespace) throws(KernelError) {
        guard (1...15).contains(spec.name.utf8.count) else { throw .errno(EINVAL, "\(spec.name) is no name for a device") }
        let namespace = try namespace(place)
        if let master = spec.master { _ = try namespace.link(master, for: "add \(spec.name)") }
        try checkFree(spec.name, in: place)
        let mac = spec.mac ?? MACAddress(bits: 0x0201_0000_0000 | UInt64(nextIndex))
        let mtu = spec.mtu ?? 1500
        let kind: LinkState.Kind
        switch spec.kind {
        case .bridge: kind = .bridge
        case .vxlan(let vni, let port, let local):
            try checkFree(vni, port: port)
            kind = .vxlan(vni, port: port, local: local)
        case .veth(let peer):
            try checkFree(peer.name, in: peer.namespace)
            kind = .veth
        }
        let index = newIndex()
        insert(LinkState(name: spec.name, index: index, kind: kind, mac: mac, mtu: mtu, alias: spec.alias, isUp: false), in: place)
        if case .veth(let peer) = spec.kind { addPeer(peer, of: index) }
        try change(place) { space throws(KernelError) in
            try space.update(spec.name, LinkUpdate(master: spec.master, isUp: spec.isUp))
        }
    }

    private mutating func addPeer(_ peer: VethPeer, of other: Int32) {
        let index = newIndex()
        let mac = peer.mac ?? MACAddress(bits: 0x0201_0000_0000 | UInt64(index))
        insert(
            LinkState(
                name: peer.name, index: index, kind: .veth, mac: mac, mtu: peer.mtu ?? 1500, alias: peer.alias, isUp: peer.isUp),
            in: peer.namespace)
        peers[index] = other
        peers[other] = index
    }

    private mutating func insert(_ link: LinkState, in place: KernelNamespace) {
        namespaces[Self.canonical(place)]?.links[link.name] = link
    }

    private func checkFree(_ name: String, in place: KernelNamespace) throws(KernelError) {
        guard try namespace(place).links[name] == nil else { throw .errno(EEXIST, "cannot add \(name) in \(place): file exists") }
    }

    /// A host has one device a VNI and port, in whichever namespace it is (lesson 5).
    private func checkFree(_ vni: VNI, port: UInt16) throws(KernelError) {
        for space in namespaces.values {
            for case .vxlan(vni, port, _) in space.links.values.map(\.kind) {
                throw .errno(EEXIST, "cannot add a VXLAN device with VNI \(vni): file exists")
            }
        }
    }

    private mutating func deleteLink(_ name: String, in place: KernelNamespace) throws(KernelError) {
        guard let link = try namespace(place).links[name] else { return }
        guard link.kind != .loopback else { throw .errno(EOPNOTSUPP, "cannot delete \(name): operation not supported") }
        removePeer(of: link.index)
        try change(place) { space in space.removeLink(name) }
    }

    private mutating func removePeer(of index: Int32) {
        guard let other = peers.removeValue(forKey: index) else { return }
        peers[other] = nil
        for (place, space) in namespaces {
            guard let name = space.links.values.first(where: { $0.index == other })?.name else { continue }
            namespaces[place]?.removeLink(name)
        }
    }
}
