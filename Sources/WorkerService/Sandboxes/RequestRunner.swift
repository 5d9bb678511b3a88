import ClusterCatalog
import ClusterStore
import DaemonKit
import Logging
import NetworkModel
import ServiceLifecycle

/// Carries out what the rest of the cluster asks of this node, each request at most once, and answers beside it.
struct RequestRunner: Service {
    let catalog: ClusterCatalog
    let node: NodeID
    let sandboxes: Sandboxes
    let attachments: Attachments
    let scopes: NetworkScopes
    let adoption: Adoption
    let logger: Logger
    /// The containers of this host's engine; nil when none is served.
    var containers: EngineConnections?

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await adoption.finished()
            await withDiscardingTaskGroup { group in
                for await event in catalog.store.watch(CatalogKeys.requests(for: node)) {
                    for request in pending(event) { group.addTask { await carryOut(request) } }
                }
            }
        }
    }

    private func pending(_ event: WatchEvent) -> [CatalogEntry<RequestRecord>] {
        let entries: [StoreEntry] =
            switch event {
            case .snapshot(let snapshot): Array(snapshot.entries)
            case .changes(let changes, _): changes.compactMap { if case .put(let entry) = $0 { entry } else { nil } }
            case .interrupted: []
            }
        return entries.compactMap { entry in
            guard let request = try? CatalogEntry<RequestRecord>(entry), request.record.state == .pending else { return nil }
            return request
        }
    }

    private func carryOut(_ request: CatalogEntry<RequestRecord>) async {
        do {
            // Only who claims it may act: the asker may have given up, and an earlier life of this worker may have begun it.
            guard let claimed = try await catalog.claimRequest(request) else { return }
            let state: RequestRecord.State
            do {
                state = .done(try await perform(claimed.record))
            } catch {
                state = .failed((error as? any Fault)?.kind ?? .unknown, "\(error)")
            }
            try await catalog.answerRequest(claimed, state)
        } catch {
            logger.warning("cannot answer a request", metadata: ["request": "\(request.record.id.short)", "cause": "\(error)"])
        }
    }

    private func perform(_ request: RequestRecord) async throws -> EndpointID? {
        let sandbox = try await sandboxes.find(request.sandbox.rawValue)
        let network = try await scopes.network(matching: request.network.rawValue, in: .global)
        if sandbox.kind == .engine { return try await perform(request, on: sandbox, network.record) }
        switch request.verb {
        case .connect: return try await attachments.attach(sandbox, to: network, with: request.attachment).id
        case .disconnect: try await attachments.detach(sandbox, from: network.record)
        case .unknown: throw DaemonError(.unsupported, "this node's skein-worker is too old for that request: upgrade it")
        }
        return nil
    }

    private func perform(
        _ request: RequestRecord, on container: SandboxRecord, _ network: NetworkRecord
    ) async throws -> EndpointID? {
        guard let containers else {
            throw DaemonError(
                .unavailable, "the worker of container \(container.name)'s host serves no engine now: start it with --engine there")
        }
        let id = container.runtimeID ?? container.id.rawValue
        switch request.verb {
        case .connect: return try await containers.connect(id, to: network, with: request.attachment)
        case .disconnect: try await containers.disconnect(id, from: network, force: request.isForced)
        case .unknown: throw DaemonError(.unsupported, "this node's skein-worker is too old for that request: upgrade it")
        }
        return nil
    }
}
