public import NetworkModel

/// The kernel's networking, as far as Skein uses it: a port with a real side (``LinuxKernel``), and a fake one in the tests that can
/// be made to fail at any call.
///
/// The calls block for as long as the kernel takes: make them on a thread of one's own, not on the cooperative pool. Each is safe
/// to call from any thread; no thread is left in another namespace.
public protocol NetworkKernel: Sendable {
    /// The names in `/run/netns`.
    func namespaces() throws(KernelError) -> Set<String>

    /// Makes a named namespace with its loopback up, visible to `ip netns`; one that exists already is no error.
    func createNamespace(_ name: String) throws(KernelError)

    /// Unmounts and removes a named namespace, with every device in it; one that is not there is no error. Its monitors' streams end,
    /// since an open socket would keep it alive.
    func deleteNamespace(_ name: String) throws(KernelError)

    /// Reads everything in a namespace. An interrupted dump is tried again, and thrown after a bound: never returned (lesson 6).
    func dump(_ namespace: KernelNamespace) throws(KernelError) -> KernelState

    /// Writes changes in their order, in as few messages to the kernel as it takes. All are tried; those that failed are returned.
    ///
    /// - Throws: only if the namespace cannot be reached, with nothing written.
    func apply(_ changes: [KernelChange], in namespace: KernelNamespace) throws(KernelError) -> [KernelFailure]

    /// Tells when something changed in a namespace, whoever did it, until cancelled.
    func changes(in namespace: KernelNamespace) throws(KernelError) -> AsyncStream<KernelEvent>

    /// Brings a namespace's own nftables table, `skein`, to a rule set; nil removes it.
    func setRules(_ rules: PacketRules?, in namespace: KernelNamespace) throws(KernelError)

    /// The rules that the namespace's `skein` table has now, or nil; a table that was tampered with is not equal to what was set.
    func rules(in namespace: KernelNamespace) throws(KernelError) -> PacketRules?

    /// Has tracked connections end that were made to some ports of a namespace's own addresses and go elsewhere than translations say:
    /// rules decide for the first packet of a connection only, and a UDP client that never pauses has but one.
    func forgetConnections(
        to arrivals: Set<PortArrival>, except translations: [PortArrival: PortDestination], in namespace: KernelNamespace
    ) throws(KernelError)

    /// Writes a setting below `/proc/sys`, such as `net/ipv4/ip_forward`, in a namespace.
    func setSystemControl(_ path: String, to value: String, in namespace: KernelNamespace) throws(KernelError)

    /// Reads a setting below `/proc/sys` in a namespace, without the newline at its end.
    func systemControl(_ path: String, in namespace: KernelNamespace) throws(KernelError) -> String

    /// Opens a socket in a namespace, bound to an address and port; it belongs to that namespace for good.
    /// - Returns: a non-blocking descriptor with `SO_REUSEADDR`; a stream socket listens already. The caller closes it.
    func openSocket(_ kind: SocketKind, at address: IPAddress, port: UInt16, in namespace: KernelNamespace) throws(KernelError) -> Int32

    /// The MTU, in bytes, of the device that an address of the host's is on.
    func underlayMTU(of vtep: IPAddress) throws(KernelError) -> Int

    /// The processes whose network namespace this is.
    func processes(in namespace: KernelNamespace) throws(KernelError) -> [Int32]
}

public enum SocketKind: Hashable, Sendable {
    case datagram
    case stream
}

/// What a monitor tells: only that it is time to look again.
public enum KernelEvent: Hashable, Sendable {
    /// Links, addresses, permanent neighbours, static forwarding entries, routes or packet rules changed.
    case changed
    /// The kernel dropped notifications (`ENOBUFS`): anything may have changed. The stream goes on.
    case overrun
}
