import NetworkModel
import Synchronization
import WorkerAPI

/// A fake of what stands behind the API: it answers from what it was given, and writes down what it was asked for.
final class CannedBackend: SandboxBackend {
    struct Refusal: Fault, Hashable {
        let kind: FaultKind
        let message: String
    }

    struct State {
        var status = DaemonStatus(role: .worker, store: "etcd://a:2379")
        var nodes: [NodeDetail] = []
        var sandboxes: [SandboxDetail] = []
        var created: [SandboxCreation] = []
        var log: [String] = []
    }

    let state: Mutex<State>

    init(_ state: State = State()) {
        self.state = Mutex(state)
    }

    var created: [SandboxCreation] { state.withLock { $0.created } }
    var log: [String] { state.withLock { $0.log } }

    func status() async -> DaemonStatus { state.withLock { $0.status } }
    func nodes() async throws -> [NodeDetail] { state.withLock { $0.nodes } }
    func sandboxes() async throws -> [SandboxDetail] { state.withLock { $0.sandboxes } }

    func node(matching term: String) async throws -> NodeDetail {
        state.withLock { $0.log.append("node \(term)") }
        guard let node = state.withLock({ $0.nodes }).first(where: { $0.record?.hostname == term }) else {
            throw Refusal(kind: .notFound, message: "no such node: \(term)")
        }
        return node
    }

    func removeNode(matching term: String) async throws {
        state.withLock { $0.log.append("remove node \(term)") }
    }

    func sandbox(matching term: String) async throws -> SandboxDetail {
        guard let sandbox = state.withLock({ $0.sandboxes }).first(where: { $0.sandbox.name.rawValue == term }) else {
            throw Refusal(kind: .notFound, message: "No such container: \(term)")
        }
        return sandbox
    }

    func createSandbox(_ creation: SandboxCreation) async throws -> SandboxDetail {
        try state.withLock { state in
            guard let first = state.sandboxes.first else { throw Refusal(kind: .exhausted, message: "no address is left") }
            state.created.append(creation)
            return first
        }
    }

    func removeSandbox(matching term: String, force: Bool) async throws {
        state.withLock { $0.log.append("remove \(term)\(force ? " by force" : "")") }
    }
}
