import Glibc
import NetworkModel

/// What the kernel has to have. It is asked by making one of each in a namespace that nobody else sees and that is gone afterwards;
/// that loads the modules, too.
enum Features {
    static func check() throws(KernelError) {
        var missing = try NamespaceThread.runInNewNamespace { () throws(KernelError) in
            try devices(over: try Connection(openedIn: .host)).missing()
        }
        let words = try NamespaceThread.runInNewNamespace(with: .own) { () throws(KernelError) in RuleTables(place: .host).missingFeature()
        }
        if let words { missing.append(words) }
        if let error = KernelError.lacking(missing) { throw error }
    }

    private static func devices(over connection: Connection) -> [FeatureProbe] {
        [
            FeatureProbe("bridges (CONFIG_BRIDGE)") { () throws(KernelError) in try addBridge(connection) },
            FeatureProbe("VXLAN (CONFIG_VXLAN)") { () throws(KernelError) in try connection.carryOut(vxlan(), "add a VXLAN device") },
            FeatureProbe("veth (CONFIG_VETH)") { () throws(KernelError) in try connection.carryOut(pair(), "add a veth pair") },
        ]
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
