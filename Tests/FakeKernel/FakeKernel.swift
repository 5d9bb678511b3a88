import Glibc
public import KernelNetwork
public import NetworkModel
import Synchronization

/// A model of one host's kernel in memory, which can be made to fail at any call and be tampered with (lesson 6).
public final class FakeKernel: NetworkKernel {
    /// What every call throws after a crash, until ``restart()``.
    public static let crashed = KernelError(.errno(ESHUTDOWN), "the process crashed")

    /// A write that took effect.
    public enum Write: Hashable, Sendable {
        case createNamespace(String)
        case deleteNamespace(String)
        case change(KernelChange, KernelNamespace)
        case setRules(PacketRules?, KernelNamespace)
        case setSystemControl(String, String, KernelNamespace)
    }

    private struct State {
        var machine: FakeMachine
        var plan = FailurePlan()
        var writes: [Write] = []
        var forgotten: [KernelNamespace: Set<PortArrival>] = [:]
        var watchers: [Int: (place: KernelNamespace, stream: AsyncStream<KernelEvent>.Continuation)] = [:]
        var watchersMade = 0
    }

    private let state: Mutex<State>

    /// - Parameter underlay: the address of the host's `eth0`.
    public init(underlay: InterfaceAddress? = nil, mtu: Int = 1500) {
        let address =
            underlay ?? InterfaceAddress(IPAddress(10, 97, 0, 1), in: Subnet(containing: IPAddress(10, 97, 0, 0), prefixLength: 24))
        state = Mutex(State(machine: FakeMachine(underlay: address, mtu: mtu)))
    }

    // MARK: What tests ask and do

    /// The writes that took effect, in their order.
    public var writes: [Write] { state.withLock { $0.writes } }

    /// The arrivals in a namespace whose connections were forgotten.
    public func forgotten(in place: KernelNamespace) -> Set<PortArrival> { state.withLock { $0.forgotten[place] ?? [] } }

    /// How often a verb was called, failures included.
    public func calls(_ verb: KernelVerb) -> Int { state.withLock { $0.plan.count(verb) } }

    /// One namespace as it is, or nil.
    public func namespace(_ place: KernelNamespace) -> FakeNamespace? {
        state.withLock { $0.machine.namespaces[FakeMachine.canonical(place)] }
    }

    /// Makes a namespace that is not Skein's, such as a container's.
    public func addNamespace(_ place: KernelNamespace) {
        state.withLock { $0.machine.create(place) }
    }

    /// Changes a namespace behind Skein's back; monitors are told.
    public func tamper(in place: KernelNamespace, _ body: (inout FakeNamespace) -> Void) throws(KernelError) {
        try attempt { state throws(KernelError) in
            try state.machine.change(place) { space in body(&space) }
            Self.notify(state, of: .changed, in: place)
        }
    }

    /// Makes the coming calls of a verb fail, the next one being number 1.
    /// - Parameter code: `EBUSY` if none is given.
    public func fail(_ verb: KernelVerb, calls: ClosedRange<Int> = 1...1, with code: KernelError.Code? = nil) {
        state.withLock { $0.plan.fail(verb, calls: calls, with: code ?? .errno(EBUSY)) }
    }

    /// Makes the next call of every verb fail.
    public func failEveryVerbOnce() {
        for verb in KernelVerb.allCases { fail(verb) }
    }

    /// Makes a verb fail until ``heal()``.
    public func failAlways(_ verb: KernelVerb, with code: KernelError.Code? = nil) {
        fail(verb, calls: 1...Int.max, with: code)
    }

    /// Makes coming dumps give up, as after too many interruptions.
    public func interruptDumps(_ count: Int = 1) {
        fail(.dump, calls: 1...count, with: .dumpInterrupted)
    }

    /// After so many more writes every call throws ``crashed``: what the kernel has stays.
    public func crash(afterWrites count: Int) {
        state.withLock { $0.plan.crash(afterWrites: count) }
    }

    /// Whether a crash that was asked for has come.
    public var hasCrashed: Bool { state.withLock { $0.plan.hasCrashed } }

    /// No call fails any more.
    public func heal() {
        state.withLock { $0.plan.heal() }
    }

    /// The process is started again after a crash: its monitors are gone, what the kernel has stays.
    public func restart() {
        let watchers = state.withLock { state in
            state.plan.heal()
            defer { state.watchers = [:] }
            return state.watchers.values.map(\.stream)
        }
        for stream in watchers { stream.finish() }
    }

    /// Every monitor loses notifications.
    public func overrunMonitors() {
        state.withLock { state in
            for watcher in state.watchers.values { watcher.stream.yield(.overrun) }
        }
    }

    // MARK: NetworkKernel

    public func namespaces() throws(KernelError) -> Set<String> {
        try call(.listNamespaces) { state in
            Set(state.machine.namespaces.keys.compactMap { if case .named(let name) = $0 { name } else { nil } })
        }
    }

    public func createNamespace(_ name: String) throws(KernelError) {
        try call(.createNamespace) { state in
            state.machine.create(.named(name))
            state.writes.append(.createNamespace(name))
        }
    }

    public func deleteNamespace(_ name: String) throws(KernelError) {
        let watchers = try call(.deleteNamespace) { state in
            state.machine.delete(.named(name))
            state.writes.append(.deleteNamespace(name))
            return state.watchers.values.filter { $0.place == .named(name) }.map(\.stream)
        }
        for stream in watchers { stream.finish() }
    }

    public func dump(_ namespace: KernelNamespace) throws(KernelError) -> KernelState {
        try call(.dump) { state throws(KernelError) in try state.machine.namespace(namespace).state }
    }

    public func apply(_ changes: [KernelChange], in namespace: KernelNamespace) throws(KernelError) -> [KernelFailure] {
        try attempt { state throws(KernelError) in
            _ = try state.machine.namespace(namespace)
            var failures: [KernelFailure] = []
            for (index, change) in changes.enumerated() {
                do throws(KernelError) {
                    try state.plan.admit(KernelVerb(change))
                    try state.machine.apply(change, in: namespace)
                    state.writes.append(.change(change, namespace))
                } catch {
                    guard error != Self.crashed else { throw error }
                    failures.append(KernelFailure(index: index, error: error))
                }
            }
            if failures.count < changes.count { Self.notify(state, of: .changed, in: namespace) }
            return failures
        }
    }

    public func changes(in namespace: KernelNamespace) throws(KernelError) -> AsyncStream<KernelEvent> {
        let (stream, continuation) = AsyncStream.makeStream(of: KernelEvent.self, bufferingPolicy: .bufferingNewest(8))
        let number = try call(.watch) { state throws(KernelError) in
            _ = try state.machine.namespace(namespace)
            state.watchersMade += 1
            state.watchers[state.watchersMade] = (FakeMachine.canonical(namespace), continuation)
            return state.watchersMade
        }
        continuation.onTermination = { [weak self] _ in self?.forget(number) }
        return stream
    }

    public func setRules(_ rules: PacketRules?, in namespace: KernelNamespace) throws(KernelError) {
        try call(.setRules) { state throws(KernelError) in
            try state.machine.change(namespace) { space in space.rules = rules }
            state.writes.append(.setRules(rules, namespace))
        }
    }

    public func rules(in namespace: KernelNamespace) throws(KernelError) -> PacketRules? {
        try call(.readRules) { state throws(KernelError) in try state.machine.namespace(namespace).rules }
    }

    public func forgetConnections(
        to arrivals: Set<PortArrival>, except translations: [PortArrival: PortDestination], in namespace: KernelNamespace
    ) throws(KernelError) {
        try call(.forgetConnections) { state throws(KernelError) in
            _ = try state.machine.namespace(namespace)
            state.forgotten[FakeMachine.canonical(namespace), default: []].formUnion(arrivals)
        }
    }

    public func setSystemControl(_ path: String, to value: String, in namespace: KernelNamespace) throws(KernelError) {
        try call(.setSystemControl) { state throws(KernelError) in
            try state.machine.change(namespace) { space throws(KernelError) in
                try Self.check(path, in: space)
                space.systemControls[path] = value
            }
            state.writes.append(.setSystemControl(path, value, namespace))
        }
    }

    public func systemControl(_ path: String, in namespace: KernelNamespace) throws(KernelError) -> String {
        try call(.readSystemControl) { state throws(KernelError) in
            let space = try state.machine.namespace(namespace)
            try Self.check(path, in: space)
            return space.systemControls[path] ?? "0"
        }
    }

    public func openSocket(
        _ kind: SocketKind, at address: IPAddress, port: UInt16, in namespace: KernelNamespace
    ) throws(KernelError) -> Int32 {
        try call(.openSocket) { state throws(KernelError) in
            _ = try state.machine.namespace(namespace)
            let (descriptor, loopbackPort) = try LoopbackSocket.open(kind)
            try state.machine.change(namespace) { space in
                space.sockets.append(FakeSocket(kind: kind, address: address, port: port, loopbackPort: loopbackPort))
            }
            return descriptor
        }
    }

    public func underlayMTU(of vtep: IPAddress) throws(KernelError) -> Int {
        try call(.readMTU) { state throws(KernelError) in
            let host = try state.machine.namespace(.host)
            guard let entry = host.addresses.first(where: { $0.address.address == vtep }), let link = host.links[entry.link] else {
                throw .errno(EADDRNOTAVAIL, "no device of this host has the address \(vtep)")
            }
            return link.mtu
        }
    }

    public func processes(in namespace: KernelNamespace) throws(KernelError) -> [Int32] {
        try call(.listProcesses) { state throws(KernelError) in try state.machine.namespace(namespace).processes }
    }

    // MARK: Helpers

    private func attempt<Value: Sendable>(_ body: (inout State) throws(KernelError) -> Value) throws(KernelError) -> Value {
        try state.withLock { state -> Result<Value, KernelError> in
            do throws(KernelError) {
                return .success(try body(&state))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    private func call<Value: Sendable>(
        _ verb: KernelVerb, _ body: (inout State) throws(KernelError) -> Value
    ) throws(KernelError) -> Value {
        try attempt { state throws(KernelError) in
            try state.plan.admit(verb)
            return try body(&state)
        }
    }

    private func forget(_ watcher: Int) {
        _ = state.withLock { $0.watchers.removeValue(forKey: watcher) }
    }

    private static func notify(_ state: State, of event: KernelEvent, in place: KernelNamespace) {
        for watcher in state.watchers.values where watcher.place == FakeMachine.canonical(place) {
            watcher.stream.yield(event)
        }
    }

    /// A setting of a device is there while the device is.
    private static func check(_ path: String, in space: FakeNamespace) throws(KernelError) {
        let parts = path.split(separator: "/")
        guard parts.count > 4, parts[2] == "conf" || parts[2] == "neigh", !["all", "default"].contains(parts[3]) else { return }
        _ = try space.link(String(parts[3]), for: "set \(path)")
    }
}
