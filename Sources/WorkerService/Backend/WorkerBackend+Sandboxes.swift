import ClusterCatalog
import ClusterStore
import DaemonKit
import Dataplane
import KernelNetwork
import NetworkModel
import WorkerAPI

extension WorkerBackend: SandboxBackend {
    func status() async -> DaemonStatus {
        var status = DaemonStatus(role: .worker, node: node, store: scopes.global.catalog.store.location)
        do {
            _ = try await membership.claim()
            if let interruption = await scopes.global.mirror.interruption { status.storeFault = interruption.message }
        } catch {
            status.storeFault = "\(error)"
        }
        status.dataplaneFault = await dataplane.fault
        return status
    }

    func nodes() async throws -> [NodeDetail] { try await operations.nodes() }
    func node(matching term: String) async throws -> NodeDetail { try await operations.node(matching: term) }
    func removeNode(matching term: String) async throws { try await operations.removeNode(matching: term) }

    func sandboxes() async throws -> [SandboxDetail] {
        var details: [SandboxDetail] = []
        for sandbox in try await sandboxRegistry.all { details.append(await detail(of: sandbox)) }
        return details
    }

    func sandbox(matching term: String) async throws -> SandboxDetail {
        await detail(of: try await sandboxRegistry.find(term))
    }

    func createSandbox(_ creation: SandboxCreation) async throws -> SandboxDetail {
        await detail(of: try await sandboxRegistry.create(creation))
    }

    func removeSandbox(matching term: String, force: Bool) async throws {
        do {
            let sandbox = try await sandboxRegistry.find(term)
            try sandbox.refuseIfContainer("docker rm\(force ? " --force" : "") \(sandbox.name)")
            try await sandboxRegistry.remove(sandbox, force: force)
        } catch let fault as any Fault where force && fault.kind == .notFound {
            // `rm -f` of what is not there is no error, as in docker.
        }
    }

    private func detail(of sandbox: SandboxRecord) async -> SandboxDetail {
        let networks = await scopes.networksByID
        let attachments = await attachments.endpoints(of: sandbox.id).compactMap { endpoint in
            networks[endpoint.record.network].map { SandboxDetail.Attachment(endpoint: endpoint.record, network: $0) }
        }
        let node = await scopes.global.mirror.view.nodes.records[node]?.record
        guard sandbox.kind == .native else { return SandboxDetail(sandbox: sandbox, node: node, attachments: attachments) }
        let name = sandbox.namespaceName
        return SandboxDetail(
            sandbox: sandbox, node: node, attachments: attachments, namespacePath: "\(KernelNamespace.directory)/\(name)",
            resolvConfPath: "/etc/netns/\(name)/resolv.conf")
    }
}

extension SandboxRecord {
    /// - Parameter command: what does it for a container.
    func refuseIfContainer(_ command: String) throws(DaemonError) {
        guard kind == .engine else { return }
        throw DaemonError(.forbidden, "\(name) is a container of this host's engine and no sandbox of Skein's own: use \(command)")
    }
}
