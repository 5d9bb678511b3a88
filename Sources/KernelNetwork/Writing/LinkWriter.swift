import Glibc
import NetworkModel

/// Makes, changes and deletes devices, each at once.
struct LinkWriter {
    let connection: Connection
    let connections: Connections
    /// Devices' indices that the caller knows: they need not be asked for.
    var indices: [String: Int32] = [:]
    private var place: KernelNamespace { connection.place }

    // MARK: Adding

    /// A device that cannot be completed is taken away again.
    func add(_ spec: LinkSpec) throws(KernelError) {
        try checkName(spec.name)
        let master = try masterIndex(spec.master, for: spec.name)
        switch spec.kind {
        case .bridge: try addBridge(spec)
        case .vxlan: try addVXLAN(spec, masterIndex: master)
        case .veth(let peer): try addPair(spec, peer: peer, masterIndex: master)
        }
        do throws(KernelError) {
            try complete(spec, masterIndex: master)
        } catch {
            try? delete(spec.name)
            throw error
        }
    }

    private func addBridge(_ spec: LinkSpec) throws(KernelError) {
        var batch = MessageBatch()
        batch.append(MessageType.newLink, MessageFlags.createNew, for: 0) { BridgeMessages.create(spec, with: $0) }
        try exchange(&batch, KernelChange.addLink(spec).operation)
    }

    /// In one message to the host's namespace, which makes the device where it belongs and leaves its socket here: there is no step
    /// in between that could leave a stray device.
    private func addVXLAN(_ spec: LinkSpec, masterIndex: Int32?) throws(KernelError) {
        let target = try NamespaceHandle(opening: place)
        let host = try connections.connection(to: .host)
        let message = try LinkMessages.creation(of: spec, masterIndex: masterIndex, in: target.descriptor, peer: nil)
        try host.carryOut(message, in: place, KernelChange.addLink(spec).operation)
    }

    /// Both ends in one message.
    private func addPair(_ spec: LinkSpec, peer: VethPeer, masterIndex: Int32?) throws(KernelError) {
        try checkName(peer.name)
        let target = try NamespaceHandle(opening: peer.namespace)
        let message = try LinkMessages.creation(of: spec, masterIndex: masterIndex, in: nil, peer: target.descriptor)
        try connection.carryOut(message, in: place, KernelChange.addLink(spec).operation)
    }

    /// What cannot be given when a device is made.
    private func complete(_ spec: LinkSpec, masterIndex: Int32?) throws(KernelError) {
        var rest = LinkUpdate(alias: spec.alias)
        if spec.kind == .bridge {
            rest.mtu = spec.mtu
            rest.isUp = spec.isUp
        }
        if rest != LinkUpdate() || (spec.kind == .bridge && masterIndex != nil) {
            try change(spec.name, rest, masterIndex: spec.kind == .bridge ? masterIndex : nil)
        }
        if case .veth(let peer) = spec.kind, peer.isUp || peer.alias != nil {
            let other = LinkWriter(connection: try connections.connection(to: peer.namespace), connections: connections)
            try other.change(peer.name, LinkUpdate(alias: peer.alias, isUp: peer.isUp ? true : nil), masterIndex: nil)
        }
    }

    // MARK: Changing and deleting

    func apply(_ update: LinkUpdate, to name: String) throws(KernelError) {
        try change(name, update, masterIndex: try masterIndex(update.master, for: name))
    }

    private func change(_ name: String, _ update: LinkUpdate, masterIndex: Int32?) throws(KernelError) {
        try connection.carryOut(
            try LinkMessages.change(name, update, masterIndex: masterIndex), in: place, KernelChange.updateLink(name, update).operation)
    }

    func delete(_ name: String) throws(KernelError) {
        do throws(KernelError) {
            try connection.carryOut(try LinkMessages.deletion(of: name), in: place, KernelChange.deleteLink(name).operation)
        } catch  where error.code == .errno(ENODEV) {
            return
        }
    }

    func set(_ flags: BridgePortFlags, ofPort name: String) throws(KernelError) {
        let operation = KernelChange.setBridgePort(name, flags).operation
        let index = try connection.index(of: name, to: operation)
        var batch = MessageBatch()
        batch.append(MessageType.setLink, for: 0) { BridgeMessages.set(flags, ofPort: index, with: $0) }
        try exchange(&batch, operation)
    }

    // MARK: Helpers

    private func exchange(_ batch: inout MessageBatch, _ operation: String) throws(KernelError) {
        if let refused = connection.exchange(&batch).first { throw refused.refusal.error("cannot \(operation) in \(place)") }
    }

    private func masterIndex(_ master: String?, for name: String) throws(KernelError) -> Int32? {
        guard let master else { return nil }
        if let known = indices[master] { return known }
        return try connection.index(of: master, to: "make \(name) a port of \(master)")
    }

    /// 1 to 15 bytes (IFNAMSIZ); what else a name must not have, the kernel tells.
    private func checkName(_ name: String) throws(KernelError) {
        guard (1...15).contains(name.utf8.count) else {
            throw KernelError(.errno(EINVAL), "\"\(name)\" is no name for a device: it must have 1 to 15 bytes")
        }
    }
}
