public import EngineClient
public import NetworkModel
import Synchronization

/// An engine that does what a test says, and fails when it says so. It calls no driver.
public final class FakeEngine: ContainerEngine {
    private struct State {
        var networks: [EngineNetworkID: HostedNetworkSpec] = [:]
        var containers: [String: HostedContainer] = [:]
        var fault: EngineError?
        var listeners: [AsyncStream<EngineEvent>.Continuation] = []
        var nextID: UInt64 = 1
    }

    private let state = Mutex(State())

    public init() {}

    public var location: String { "fake" }

    // MARK: What the test says

    /// While it is set, every call fails with it.
    public func fail(with fault: EngineError?) { state.withLock { $0.fault = fault } }

    public func put(_ container: HostedContainer) { state.withLock { $0.containers[container.id] = container } }

    public func drop(container id: String) { state.withLock { $0.containers[id] = nil } }

    public func put(_ network: HostedNetworkSpec, as id: EngineNetworkID) { state.withLock { $0.networks[id] = network } }

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

    public func networks(ofDriver driver: String) async throws(EngineError) -> [HostedNetwork] {
        try call { state in state.networks.filter { $0.value.driver == driver }.map { HostedNetwork(id: $0.key, spec: $0.value) } }
    }

    public func network(_ id: EngineNetworkID) async throws(EngineError) -> HostedNetwork? {
        try call { state in state.networks[id].map { HostedNetwork(id: id, spec: $0) } }
    }

    public func createNetwork(_ network: HostedNetworkSpec) async throws(EngineError) -> EngineNetworkID {
        try call { state throws(EngineError) in
            guard !state.networks.values.contains(where: { $0.name == network.name }) else {
                throw EngineError(.conflict, "network with name \(network.name) already exists")
            }
            let digits = String(state.nextID, radix: 16)
            state.nextID += 1
            guard let id = try? EngineNetworkID(String(repeating: "0", count: 64 - digits.utf8.count) + digits) else {
                throw EngineError(.unavailable, "no more ids")
            }
            state.networks[id] = network
            return id
        }
    }

    public func removeNetwork(_ id: EngineNetworkID) async throws(EngineError) {
        try call { state throws(EngineError) in
            let isUsed = state.containers.values.contains { $0.isRunning && $0.attachments.contains { $0.network == id } }
            guard !isUsed else { throw EngineError(.forbidden, "network \(id.short) has active endpoints") }
            state.networks[id] = nil
        }
    }

    public func containers() async throws(EngineError) -> [HostedContainer] {
        try call { $0.containers.values.filter(\.isRunning) }
    }

    public func container(_ id: String) async throws(EngineError) -> HostedContainer? {
        try call { state in state.containers[id] ?? state.containers.values.first { $0.name == id } }
    }

    public func connect(_ container: String, to network: EngineNetworkID, with options: AttachmentOptions) async throws(EngineError) {
        try call { state in
            state.containers[container]?.attachments.append(HostedContainer.Attachment(network: network, aliases: options.aliases))
        }
    }

    public func disconnect(_ container: String, from network: EngineNetworkID, force: Bool) async throws(EngineError) {
        try call { state in state.containers[container]?.attachments.removeAll { $0.network == network } }
    }

    public func events() -> AsyncStream<EngineEvent> {
        let (stream, continuation) = AsyncStream<EngineEvent>.makeStream()
        state.withLock { $0.listeners.append(continuation) }
        return stream
    }
}
