import Glibc
public import NetworkModel

/// The Linux kernel that the process runs on, reached by netlink.
public final class LinuxKernel: NetworkKernel {
    private let connections = Connections()
    private let monitors: Monitors

    /// - Throws: ``KernelError`` that says which privileges (`notPermitted`) or which of the kernel's features (`missingFeature`) are
    ///   missing.
    public convenience init() throws(KernelError) {
        try self.init(monitorQueue: Monitors.defaultQueueSize)
    }

    /// - Parameter monitorQueue: how many bytes of notifications may wait to be read of one namespace.
    init(monitorQueue: Int32) throws(KernelError) {
        try Self.check()
        let connections = connections
        monitors = try Monitors(queueSize: monitorQueue) { connections.dropIfChanged($0) }
        NamedNamespaces.removeHalfMade()
    }

    deinit { monitors.stop() }

    /// Whether the process may manage the kernel's networking, and the kernel has what that takes.
    /// - Throws: as ``init()``.
    public static func check() throws(KernelError) {
        try Privileges.check()
        try Features.check()
    }

    // MARK: Namespaces

    public func namespaces() throws(KernelError) -> Set<String> {
        NamedNamespaces.list()
    }

    public func createNamespace(_ name: String) throws(KernelError) {
        connections.dropIfChanged(.named(name))
        if let connection = try NamedNamespaces.create(name) { connections.keep(connection) }
        monitors.watchDirectory()
    }

    /// The devices go before this returns. What still holds the namespace, such as a process in it, keeps an empty one.
    public func deleteNamespace(_ name: String) throws(KernelError) {
        let place = KernelNamespace.named(name)
        // Left to the kernel they would go some time later, and a VXLAN device's number would be taken until then (lesson 5).
        if let connection = try? connections.connection(to: place) { DeviceRemoval(connection: connection, connections: connections).run() }
        connections.drop(place)
        monitors.end(place)
        try NamedNamespaces.delete(name)
    }

    // MARK: State

    public func dump(_ namespace: KernelNamespace) throws(KernelError) -> KernelState {
        try Dump(connection: try connections.connection(to: namespace)).state()
    }

    public func apply(_ changes: [KernelChange], in namespace: KernelNamespace) throws(KernelError) -> [KernelFailure] {
        let connection = try connections.connection(to: namespace)
        var writer = ChangeWriter(changes, connection: connection, connections: connections)
        return writer.carryOut()
    }

    /// The stream ends when the namespace is deleted.
    public func changes(in namespace: KernelNamespace) throws(KernelError) -> AsyncStream<KernelEvent> {
        try monitors.watch(namespace)
    }

    // MARK: Packet rules and settings

    public func setRules(_ rules: PacketRules?, in namespace: KernelNamespace) throws(KernelError) {
        try NamespaceThread.run(in: namespace, with: .own) { () throws(KernelError) in try RuleTables(place: namespace).set(rules) }
    }

    public func rules(in namespace: KernelNamespace) throws(KernelError) -> PacketRules? {
        try NamespaceThread.run(in: namespace, with: .own) { () throws(KernelError) in try RuleTables(place: namespace).get() }
    }

    public func forgetConnections(
        to arrivals: Set<PortArrival>, except translations: [PortArrival: PortDestination], in namespace: KernelNamespace
    ) throws(KernelError) {
        guard !arrivals.isEmpty else { return }
        try NamespaceThread.run(in: namespace) { () throws(KernelError) in
            var connections = try TrackedConnections(in: namespace)
            try connections.forget(to: arrivals, except: translations)
        }
    }

    public func setSystemControl(_ path: String, to value: String, in namespace: KernelNamespace) throws(KernelError) {
        try NamespaceThread.run(in: namespace) { () throws(KernelError) in
            try SystemControl.write(value, to: path, in: namespace)
        }
    }

    public func systemControl(_ path: String, in namespace: KernelNamespace) throws(KernelError) -> String {
        try NamespaceThread.run(in: namespace) { () throws(KernelError) in try SystemControl.read(path, in: namespace) }
    }

    // MARK: Sockets, MTU, processes

    public func openSocket(
        _ kind: SocketKind, at address: IPAddress, port: UInt16, in namespace: KernelNamespace
    ) throws(KernelError) -> Int32 {
        try NamespaceThread.run(in: namespace) { () throws(KernelError) in
            try ServerSocket.open(kind, at: address, port: port, in: namespace)
        }
    }

    public func underlayMTU(of vtep: IPAddress) throws(KernelError) -> Int {
        let host = try dump(.host)
        guard let entry = host.addresses.first(where: { $0.address.address == vtep }), let link = host.links[entry.link] else {
            throw KernelError(.errno(EADDRNOTAVAIL), "no device of this host has the address \(vtep)")
        }
        return link.mtu
    }

    public func processes(in namespace: KernelNamespace) throws(KernelError) -> [Int32] {
        let identity = try NamespaceIdentity(of: namespace)
        return Directory.entries(of: "/proc").compactMap { Int32($0) }.filter { NamespaceIdentity(ofProcess: $0) == identity }.sorted()
    }
}
