import EngineAPI
import NetworkModel
import Synchronization
import WorkerAPI

/// A fake of a worker: it answers from what it was given, and writes down what it was asked for.
final class CannedDaemon: EngineBackend, SandboxBackend, DoctorBackend, PublishedPortBackend {
    struct Refusal: Fault, Hashable {
        let kind: FaultKind
        let message: String
    }

    struct State {
        var networks: [NetworkRecord] = []
        var endpoints: [EndpointRecord] = []
        var nodes: [NodeDetail] = []
        var sandboxes: [SandboxDetail] = []
        var status = DaemonStatus(role: .worker, store: "etcd://10.0.0.1:2379")
        var checks: [DoctorCheck] = []
        var ports: [PublishedPortDetail] = []
        /// What was done, one line each.
        var log: [String] = []
        var created: [NetworkCreation] = []
    }

    let identity = EngineIdentity(
        role: .worker, id: "c0ffee", hostname: "alpha", kernelVersion: "6.1.0-18-amd64", operatingSystem: "Debian GNU/Linux 12 (bookworm)",
        architecture: "x86_64", processors: 4, memory: 8 << 30)
    let state: Mutex<State>
    /// Makes and removes a real namespace for a sandbox, in tests that run something in it.
    let namespaces: (any Namespaces)?

    protocol Namespaces: Sendable {
        func make(_ name: String) async throws
        func remove(_ name: String) async throws
    }

    init(_ state: State, namespaces: (any Namespaces)? = nil) {
        self.state = Mutex(state)
        self.namespaces = namespaces
    }

    var log: [String] { state.withLock { $0.log } }
    var created: [NetworkCreation] { state.withLock { $0.created } }

    // MARK: Networks

    func info() async -> EngineInfo {
        let nodes = state.withLock { $0.nodes }.map {
            EngineInfo.Node(id: $0.id, record: $0.record, sandboxes: $0.sandboxes, endpoints: $0.endpoints)
        }
        return EngineInfo(store: "etcd://10.0.0.1:2379", nodes: nodes, time: Canned.time)
    }

    func networks() async throws -> [NetworkRecord] { state.withLock { $0.networks } }
    func usedNetworks() async throws -> Set<NetworkID> { state.withLock { Set($0.endpoints.map(\.network)) } }

    func network(matching term: String, in scope: NetworkScope?) async throws -> NetworkDetail {
        try state.withLock { state in
            let network = try Self.find(term, in: state)
            return NetworkDetail(
                network: network, endpoints: state.endpoints.filter { $0.network == network.id }, peers: state.nodes.compactMap(\.record))
        }
    }

    private static func find(_ term: String, in state: State) throws -> NetworkRecord {
        let match = state.networks.first { $0.id.rawValue == term || $0.name == term || $0.id.rawValue.hasPrefix(term) }
        guard let match else { throw Refusal(kind: .notFound, message: "network \(term) not found") }
        return match
    }

    func createNetwork(_ creation: NetworkCreation) async throws -> CreatedNetwork {
        try state.withLock { state in
            state.created.append(creation)
            return CreatedNetwork(id: try Canned.id("9"), warning: creation.isAttachable ? "attachable has no effect" : "")
        }
    }

    func removeNetwork(matching term: String) async throws {
        try state.withLock { state in
            let network = try Self.find(term, in: state)
            guard !state.endpoints.contains(where: { $0.network == network.id }) else {
                throw Refusal(kind: .forbidden, message: "error while removing network: network \(network.name) has active endpoints")
            }
            state.networks.removeAll { $0.id == network.id }
            state.log.append("removed \(network.name)")
        }
    }

    func connect(_ sandbox: String, to network: String, with options: AttachmentOptions) async throws {
        try state.withLock { state in
            let network = try Self.find(network, in: state)
            let details = options.addresses.map(\.description) + options.aliases.map(\.rawValue)
            state.log.append((["connect", sandbox, network.name] + details).joined(separator: " "))
        }
    }

    func disconnect(_ sandbox: String, from network: String, force: Bool) async throws {
        try state.withLock { state in
            state.log.append("disconnect \(sandbox) \(try Self.find(network, in: state).name)\(force ? " by force" : "")")
        }
    }

    func events() async throws -> AsyncStream<NetworkEvent> { AsyncStream { $0.finish() } }

    // MARK: Nodes and sandboxes

    func examine() async -> [DoctorCheck] { state.withLock { $0.checks } }
    func publishedPorts() async -> [PublishedPortDetail] { state.withLock { $0.ports } }
    func status() async -> DaemonStatus { state.withLock { $0.status } }
    func nodes() async throws -> [NodeDetail] { state.withLock { $0.nodes } }

    func node(matching term: String) async throws -> NodeDetail {
        let match = state.withLock { $0.nodes }.first { $0.id.rawValue.hasPrefix(term) || $0.record?.hostname == term }
        guard let match else { throw Refusal(kind: .notFound, message: "no such node: \(term)") }
        return match
    }

    func removeNode(matching term: String) async throws {
        guard try await node(matching: term).record == nil else {
            throw Refusal(kind: .forbidden, message: "node \(term) is alive: stop its worker first")
        }
        state.withLock { $0.log.append("removed node \(term)") }
    }

    func sandboxes() async throws -> [SandboxDetail] { state.withLock { $0.sandboxes } }

    func sandbox(matching term: String) async throws -> SandboxDetail {
        let match = state.withLock { $0.sandboxes }.first { $0.sandbox.name.rawValue == term || $0.sandbox.id.rawValue.hasPrefix(term) }
        guard let match else { throw Refusal(kind: .notFound, message: "No such container: \(term)") }
        return match
    }

    func createSandbox(_ creation: SandboxCreation) async throws -> SandboxDetail {
        let detail = try state.withLock { state in
            for attachment in creation.attachments { _ = try Self.find(attachment.network, in: state) }
            let parts = creation.attachments.map { attachment in
                let options = attachment.options.addresses.map(\.description) + attachment.options.aliases.map(\.rawValue)
                return ([attachment.network] + options).joined(separator: " ")
            }
            state.log.append("created \(creation.name) on \(parts.joined(separator: ", "))")
            let detail = try Canned.sandbox(creation.name.rawValue, digit: "7", labels: creation.labels)
            state.sandboxes.append(detail)
            return detail
        }
        try await namespaces?.make("sk-\(creation.name)")
        return detail
    }

    func removeSandbox(matching term: String, force: Bool) async throws {
        let detail: SandboxDetail
        do {
            detail = try await sandbox(matching: term)
        } catch let refusal as Refusal {
            if force { return }
            throw refusal
        }
        try await namespaces?.remove("sk-\(detail.sandbox.name)")
        state.withLock { state in
            state.sandboxes.removeAll { $0.sandbox.id == detail.sandbox.id }
            state.log.append("removed sandbox \(detail.sandbox.name)\(force ? " by force" : "")")
        }
    }
}
