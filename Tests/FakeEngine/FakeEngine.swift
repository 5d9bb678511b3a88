public import EngineClient
public import NetworkModel
import Synchronization

/// An engine that does what a test says, and fails when it says so. It tells its events, and calls the driver that a test gives it.
public final class FakeEngine: ContainerEngine {
    /// What an engine calls its driver for, before it is done.
    public enum DriverCall: Hashable, Sendable {
        case createNetwork(EngineNetworkID, HostedNetworkSpec)
        case deleteNetwork(EngineNetworkID)
        case connect(String, EngineNetworkID, EndpointID, AttachmentOptions)
        case disconnect(String, EngineNetworkID, EndpointID?)
    }

    private struct State {
        var networks: [EngineNetworkID: HostedNetworkSpec] = [:]
        var endpoints: [EngineNetworkID: Set<EndpointID>] = [:]
        var containers: [String: HostedContainer] = [:]
        var fault: EngineError?
        var listeners: [AsyncStream<EngineEvent>.Continuation] = []
        var driver: @Sendable (DriverCall) async throws(EngineError) -> Void = { (_: DriverCall) async throws(EngineError) in }
        var calls: [DriverCall] = []
        var nextID: UInt64 = 1
    }

    private let state = Mutex(State())

    /// - Parameter firstID: of the ids that it gives; those of two engines differ.
    public init(firstID: UInt64 = 1) {
        state.withLock { $0.nextID = firstID }
    }

    public var location: String { "fake" }

    // MARK: What the test says

    /// While it is set, every call fails with it, and the stream of events is broken.
    public func fail(with fault: EngineError?) {
        let hasChanged = state.withLock { state in
            defer { state.fault = fault }
            return state.fault != fault
        }
        if hasChanged { tell(fault.map { .lost($0) } ?? .connected) }
    }

    /// Has a driver called.
    public func call(_ driver: @escaping @Sendable (DriverCall) async throws(EngineError) -> Void) {
        state.withLock { $0.driver = driver }
    }

    /// What the driver was called for so far.
    public var calls: [DriverCall] { state.withLock { $0.calls } }

    public func put(_ container: HostedContainer) { state.withLock { $0.containers[container.id] = container } }

    public func drop(container id: String) { state.withLock { $0.containers[id] = nil } }

    /// - Parameter endpoints: what is on it.
    public func put(_ network: HostedNetworkSpec, as id: EngineNetworkID, endpoints: Set<EndpointID> = []) {
        state.withLock { state in
            state.networks[id] = network
            state.endpoints[id] = endpoints
        }
    }

    public func tell(_ event: EngineEvent) { for listener in state.withLock({ $0.listeners }) { listener.yield(event) } }

    public var networks: [HostedNetwork] {
        state.withLock { state in state.networks.map { HostedNetwork(id: $0.key, spec: $0.value) } }
    }

    // MARK: ContainerEngine

    private func call<Value>(_ body: (inout sending State) throws(EngineError) -> sending Value) throws(EngineError) -> sending Value {
        try state.withLock { state throws(EngineError) in
            if let fault = state.fault { throw fault }
            return try body(&state)
        }
    }

    /// Ids that begin with different digits, as those of an engine do.
    private static func nextID<Subject>(_ state: inout State) throws(EngineError) -> Identifier<Subject> {
        let digits = String(String(state.nextID, radix: 16).reversed())
        state.nextID += 1
        guard let id = try? Identifier<Subject>(digits + String(repeating: "0", count: 64 - digits.utf8.count)) else {
            throw EngineError(.unavailable, "no more ids")
        }
        return id
    }

    private func callDriver(_ call: DriverCall) async throws(EngineError) {
        let driver = state.withLock { state in
            state.calls.append(call)
            return state.driver
        }
        try await driver(call)
    }

    public func networks(ofDriver driver: String) async throws(EngineError) -> [HostedNetwork] {
        try call { state in state.networks.filter { $0.value.driver == driver }.map { HostedNetwork(id: $0.key, spec: $0.value) } }
    }

    public func network(_ id: EngineNetworkID) async throws(EngineError) -> HostedNetwork? {
        try call { state in state.networks[id].map { HostedNetwork(id: id, spec: $0, endpoints: state.endpoints[id] ?? []) } }
    }

    public func createNetwork(_ network: HostedNetworkSpec) async throws(EngineError) -> EngineNetworkID {
        let id: EngineNetworkID = try call { state throws(EngineError) in
            guard !state.networks.values.contains(where: { $0.name == network.name }) else {
                throw EngineError(.conflict, "network with name \(network.name) already exists")
            }
            return try Self.nextID(&state)
        }
        try await callDriver(.createNetwork(id, network))
        state.withLock { $0.networks[id] = network }
        tell(.networkCreated(id, name: network.name, driver: network.driver))
        return id
    }

    public func removeNetwork(_ id: EngineNetworkID) async throws(EngineError) {
        let isThere = try call { state throws(EngineError) in
            let isUsed = state.containers.values.contains { $0.isRunning && $0.attachments.contains { $0.network == id } }
            guard !isUsed else { throw EngineError(.forbidden, "network \(id.short) has active endpoints") }
            return state.networks[id] != nil
        }
        guard isThere else { return }
        // An engine goes on whatever the driver says.
        try? await callDriver(.deleteNetwork(id))
        state.withLock { $0.networks[id] = nil }
        tell(.networkRemoved(id))
    }

    public func containers() async throws(EngineError) -> [HostedContainer] {
        try call { $0.containers.values.filter(\.isRunning) }
    }

    public func container(_ id: String) async throws(EngineError) -> HostedContainer? {
        try call { state in state.containers[id] ?? state.containers.values.first { $0.name == id } }
    }

    public func connect(_ container: String, to network: EngineNetworkID, with options: AttachmentOptions) async throws(EngineError) {
        let known = try await expect(container)
        let endpoint: EndpointID = try call { state throws(EngineError) in try Self.nextID(&state) }
        try await callDriver(.connect(known.id, network, endpoint, options))
        state.withLock { state in
            state.containers[known.id]?.attachments.append(
                HostedContainer.Attachment(network: network, endpoint: endpoint, aliases: options.aliases))
        }
        tell(.containerChanged(known.id))
    }

    public func disconnect(_ container: String, from network: EngineNetworkID, force: Bool) async throws(EngineError) {
        let known = try await expect(container)
        guard let attachment = known.attachments.first(where: { $0.network == network }) else {
            throw EngineError(.unavailable, "container \(known.id) is not connected to the network")
        }
        try await callDriver(.disconnect(known.id, network, attachment.endpoint))
        state.withLock { state in state.containers[known.id]?.attachments.removeAll { $0.network == network } }
        tell(.containerChanged(known.id))
    }

    private func expect(_ container: String) async throws(EngineError) -> HostedContainer {
        guard let known = try await self.container(container) else { throw EngineError(.notFound, "No such container: \(container)") }
        return known
    }

    /// Begins with being connected, or with the fault that there is.
    public func events() -> AsyncStream<EngineEvent> {
        let (stream, continuation) = AsyncStream<EngineEvent>.makeStream()
        state.withLock { state in
            continuation.yield(state.fault.map { .lost($0) } ?? .connected)
            state.listeners.append(continuation)
        }
        return stream
    }
}
