import KernelNetwork
import NetworkModel
import Synchronization

/// Counts what is written through it.
final class CountingKernel: NetworkKernel {
    private let kernel: any NetworkKernel
    private let count = Atomic(0)

    init(_ kernel: any NetworkKernel) {
        self.kernel = kernel
    }

    var writes: Int { count.load(ordering: .relaxed) }

    private func note(_ number: Int = 1) { count.add(number, ordering: .relaxed) }

    func namespaces() throws(KernelError) -> Set<String> { try kernel.namespaces() }

    func createNamespace(_ name: String) throws(KernelError) {
        note()
        try kernel.createNamespace(name)
    }

    func deleteNamespace(_ name: String) throws(KernelError) {
        note()
        try kernel.deleteNamespace(name)
    }

    func dump(_ namespace: KernelNamespace) throws(KernelError) -> KernelState { try kernel.dump(namespace) }

    func apply(_ changes: [KernelChange], in namespace: KernelNamespace) throws(KernelError) -> [KernelFailure] {
        note(changes.count)
        return try kernel.apply(changes, in: namespace)
    }

    func changes(in namespace: KernelNamespace) throws(KernelError) -> AsyncStream<KernelEvent> { try kernel.changes(in: namespace) }

    func setRules(_ rules: PacketRules?, in namespace: KernelNamespace) throws(KernelError) {
        note()
        try kernel.setRules(rules, in: namespace)
    }

    func rules(in namespace: KernelNamespace) throws(KernelError) -> PacketRules? { try kernel.rules(in: namespace) }

    func forgetConnections(
        to arrivals: Set<PortArrival>, except translations: [PortArrival: PortDestination], in namespace: KernelNamespace
    ) throws(KernelError) {
        note()
        try kernel.forgetConnections(to: arrivals, except: translations, in: namespace)
    }

    func setSystemControl(_ path: String, to value: String, in namespace: KernelNamespace) throws(KernelError) {
        note()
        try kernel.setSystemControl(path, to: value, in: namespace)
    }

    func systemControl(_ path: String, in namespace: KernelNamespace) throws(KernelError) -> String {
        try kernel.systemControl(path, in: namespace)
    }

    func openSocket(
        _ kind: SocketKind, at address: IPAddress, port: UInt16, in namespace: KernelNamespace
    ) throws(KernelError) -> Int32 {
        try kernel.openSocket(kind, at: address, port: port, in: namespace)
    }

    func underlayMTU(of vtep: IPAddress) throws(KernelError) -> Int { try kernel.underlayMTU(of: vtep) }
    func processes(in namespace: KernelNamespace) throws(KernelError) -> [Int32] { try kernel.processes(in: namespace) }
}
