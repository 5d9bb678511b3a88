import Glibc
public import NetworkModel

/// The Linux kernel that the process runs on.
public final class LinuxKernel: NetworkKernel {
    public init() throws(KernelError) {}
    private let none = KernelError(.missingFeature, "not supported")
    public func namespaces() throws(KernelError) -> Set<String> { throw none }
    public func createNamespace(_ name: String) throws(KernelError) { throw none }
    public func deleteNamespace(_ name: String) throws(KernelError) { throw none }
    public func dump(_ namespace: KernelNamespace) throws(KernelError) -> KernelState { throw none }
    public func apply(_ changes: [KernelChange], in namespace: KernelNamespace) throws(KernelError) -> [KernelFailure] { throw none }
    public func changes(in namespace: KernelNamespace) throws(KernelError) -> AsyncStream<KernelEvent> { throw none }
    public func setRules(_ rules: PacketRules?, in namespace: KernelNamespace) throws(KernelError) { throw none }
    public func rules(in namespace: KernelNamespace) throws(KernelError) -> PacketRules? { throw none }
    public func setSystemControl(_ path: String, to value: String, in namespace: KernelNamespace) throws(KernelError) { throw none }
    public func systemControl(_ path: String, in namespace: KernelNamespace) throws(KernelError) -> String { throw none }
    public func openSocket(_ kind: SocketKind, at address: IPAddress, port: UInt16, in namespace: KernelNamespace) throws(KernelError)
        -> Int32
    { throw none }
    public func underlayMTU(of vtep: IPAddress) throws(KernelError) -> Int { throw none }
    public func processes(in namespace: KernelNamespace) throws(KernelError) -> [Int32] { throw none }
}
