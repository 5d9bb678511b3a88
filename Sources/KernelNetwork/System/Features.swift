import Glibc
import NetworkModel

/// What the kernel has to have. It is asked by making one of each in a namespace that nobody else sees and that is gone afterwards;
/// that loads the modules, too.
enum Features {
    static func check() throws(KernelError) {
        var missing: [String] = try NamespaceThread.runInNewNamespace { () throws(KernelError) in try findMissing() }
        let words = try NamespaceThread.runInNewNamespace(with: .own) { () throws(KernelError) in RuleTables(place: .host).missingFeature()
        }
        if let words { missing.append(words) }
        guard missing.isEmpty else {
            throw KernelError(
                .missingFeature,
                "this kernel lacks \(missing.joined(separator: ", ")): load the modules, or run a kernel that has them")
        }
    }

    private static func findMissing() throws(KernelError) -> [String] {
        let connection = try Connection(openedIn: .host)
        var missing: [String] = []
        if try isMissing({ () throws(KernelError) in try addBridge(connection) }) { missing.append("bridges (CONFIG_BRIDGE)") }
        if try isMissing({ () throws(KernelError) in try connection.carryOut(vxlan(), "add a VXLAN device") }) {
            missing.append("VXLAN (CONFIG_VXLAN)")
        }
        if try isMissing({ () throws(KernelError) in try connection.carryOut(pair(), "add a veth pair") }) {
            missing.append("veth (CONFIG_VETH)")
        }
        return missing
    }

    private static func isMissing(_ attempt: () throws(KernelError) -> Void) throws(KernelError) -> Bool {
        do throws(KernelError) {
            try attempt()
            return false
        } catch  where error.code == .errno(EOPNOTSUPP) {
            return true
        }
    }

    private static func addBridge(_ connection: Connection) throws(KernelError) {
        var batch = MessageBatch()
        let spec = LinkSpec(name: "br0", kind: .bridge)
        batch.append(MessageType.newLink, MessageFlags.createNew, for: 0) { BridgeMessages.create(spec, with: $0) }
        if let refused = connection.exchange(&batch).first { throw refused.refusal.error("cannot add a bridge") }
    }

    private static func vxlan() throws(KernelError) -> BuiltMessage {
        guard let vni = try? VNI(1) else { throw KernelError(.errno(EINVAL), "1 is no VNI") }
        let spec = LinkSpec(name: "vxlan0", kind: .vxlan(vni, port: 4789, local: IPAddress(127, 0, 0, 1)))
        return try LinkMessages.creation(of: spec, masterIndex: nil, in: nil, peer: nil)
    }

    private static func pair() throws(KernelError) -> BuiltMessage {
        let spec = LinkSpec(name: "veth0", kind: .veth(peer: VethPeer(name: "veth1", namespace: .host)))
        return try LinkMessages.creation(of: spec, masterIndex: nil, in: nil, peer: nil)
    }
}
