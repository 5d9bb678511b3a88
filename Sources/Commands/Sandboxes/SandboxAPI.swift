import NetworkModel
import WorkerAPI

/// What only a worker does.
struct SandboxAPI: Sendable {
    let client: DaemonClient

    func create(_ body: SandboxCreateBody) async throws -> SandboxResource {
        try await askingWorker { try await client.post(APITarget("skein", "v1", "sandboxes"), body, as: SandboxResource.self) }
    }

    func remove(_ sandbox: String, isForced: Bool) async throws {
        let target = APITarget("skein", "v1", "sandboxes", sandbox, query: isForced ? [("force", "1")] : [])
        try await askingWorker { try await client.delete(target) }
    }

    /// A controller has no such route, and its answer would not help.
    private func askingWorker<Answer>(_ ask: () async throws -> Answer) async throws -> Answer {
        do {
            return try await ask()
        } catch let fault as CommandFault where fault.kind == .notFound && fault.message == "page not found" {
            throw CommandFault(
                .unsupported,
                "\(client.address) makes and removes no sandboxes: it is not a worker; leave -H and \(DaemonAddress.variable) out")
        }
    }
}
