import EngineAPI
import NetworkModel
import Synchronization

/// A fake of what stands behind the API: it answers from what it was given, and writes down what it was asked for.
final class CannedBackend: EngineBackend {
    struct Refusal: Fault, Hashable {
        let kind: FaultKind
        let message: String
    }

    struct State {
        var info = EngineInfo(store: "etcd://10.0.0.1:2379", time: Canned.time)
        var networks: [NetworkRecord] = []
        var endpoints: [EndpointRecord] = []
        var peers: [NodeRecord] = []
        var created: [NetworkCreation] = []
        /// What was done, one line each.
        var log: [String] = []
        /// What every change answers, when set.
        var refusal: Refusal?
        /// Networks that cannot be removed.
        var busy: Set<NetworkID> = []
        var readers: [AsyncStream<NetworkEvent>.Continuation] = []
        var departures = 0
    }

    let identity: EngineIdentity
    let state: Mutex<State>

    init(role: EngineIdentity.Role = .controller, _ adjust: (inout State) -> Void = { _ in }) {
        identity = EngineIdentity(
            role: role, id: "c0ffee", hostname: "alpha", kernelVersion: "6.1.0-18-amd64",
            operatingSystem: "Debian GNU/Linux 12 (bookworm)", architecture: "x86_64", processors: 4, memory: 8 << 30)
        var state = State()
        adjust(&state)
        self.state = Mutex(state)
    }

    var log: [String] { state.withLock { $0.log } }
    var created: [NetworkCreation] { state.withLock { $0.created } }
    var departures: Int { state.withLock { $0.departures } }
    var readers: Int { state.withLock { $0.readers.count } }

    func info() async -> EngineInfo { state.withLock { $0.info } }
    func networks() async throws -> [NetworkRecord] { state.withLock { $0.networks } }
    func usedNetworks() async throws -> Set<NetworkID> { state.withLock { Set($0.endpoints.map(\.network)) } }

    func network(matching term: String, in scope: NetworkScope?) async throws -> NetworkDetail {
        try state.withLock { state in
            let network = try Self.find(term, in: state, scope: scope)
            return NetworkDetail(
                network: network, endpoints: state.endpoints.filter { $0.network == network.id }, peers: state.peers)
        }
    }

    private static func find(_ term: String, in state: State, scope: NetworkScope? = nil) throws -> NetworkRecord {
        let candidates = state.networks.filter { scope == nil || $0.scope == scope }
        if let network = candidates.first(where: { $0.id.rawValue == term || $0.name == term }) { return network }
        guard let network = candidates.first(where: { $0.id.rawValue.hasPrefix(term) }) else {
            throw Refusal(kind: .notFound, message: "network \(term) not found")
        }
        return network
    }

    func createNetwork(_ creation: NetworkCreation) async throws -> CreatedNetwork {
        try state.withLock { state in
            try Self.refuse(state)
            state.created.append(creation)
            let network = try Canned.network(creation.name, digit: "\(state.networks.count + 1)", subnets: creation.subnets)
            state.networks.append(network)
            return CreatedNetwork(id: network.id, warning: creation.isAttachable ? "attachable has no effect" : "")
        }
    }

    func removeNetwork(matching term: String) async throws {
        try state.withLock { state in
            try Self.refuse(state)
            let network = try Self.find(term, in: state)
            guard !state.busy.contains(network.id) else {
                throw Refusal(kind: .forbidden, message: "error while removing network: network \(network.name) has active endpoints")
            }
            state.networks.removeAll { $0.id == network.id }
            state.log.append("removed \(network.name)")
        }
    }

    func connect(_ sandbox: String, to network: String, with options: AttachmentOptions) async throws {
        try state.withLock { state in
            try Self.refuse(state)
            let network = try Self.find(network, in: state)
            let details =
                options.addresses.map(\.description) + options.aliases.map(\.rawValue) + [options.mac?.description].compactMap { $0 }
            state.log.append((["connect", sandbox, network.name] + details).joined(separator: " "))
        }
    }

    func disconnect(_ sandbox: String, from network: String, force: Bool) async throws {
        try state.withLock { state in
            try Self.refuse(state)
            let network = try Self.find(network, in: state)
            state.log.append("disconnect \(sandbox) \(network.name)\(force ? " by force" : "")")
        }
    }

    private static func refuse(_ state: State) throws {
        if let refusal = state.refusal { throw refusal }
    }

    func events() async throws -> AsyncStream<NetworkEvent> {
        let (stream, continuation) = AsyncStream<NetworkEvent>.makeStream()
        continuation.onTermination = { _ in self.state.withLock { $0.departures += 1 } }
        state.withLock { $0.readers.append(continuation) }
        return stream
    }

    func tell(_ event: NetworkEvent) {
        for reader in state.withLock({ $0.readers }) { reader.yield(event) }
    }

    func endEvents() {
        for reader in state.withLock({ $0.readers }) { reader.finish() }
    }
}
