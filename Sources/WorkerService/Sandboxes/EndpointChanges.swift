import ClusterCatalog
import NetworkModel

/// Endpoints of this node that come and go: one transaction each, and the view has it before the mirror's watch tells.
struct EndpointChanges: Sendable {
    let scopes: NetworkScopes

    /// Attaches, and hands the endpoint on to the data plane, whose work is not waited for.
    func attach(_ request: AttachRequest, to network: CatalogEntry<NetworkRecord>) async throws -> CatalogEntry<EndpointRecord> {
        let scope = scopes[network.record.scope]
        let claim = try await scope.claim()
        let endpoint = try await scope.mirror.withEndpoints(of: network.record.id) {
            // Held only as long as the call: the mirror would copy all addresses of a network when it takes the one more.
            let endpoint = try await scope.catalog.attach(
                request, to: network, as: claim, knowing: await scope.mirror.knownAddresses(of: network.record.id))
            await scope.mirror.commit { $0.commit(endpoint) }
            return endpoint
        }
        await scope.mirror.flush()
        return endpoint
    }

    /// Detaches, and tells the data plane, whose work is not waited for.
    ///
    /// The record of a container engine's sandbox goes with its last endpoint: the engine tells of containers only by their endpoints.
    func detach(_ endpoint: CatalogEntry<EndpointRecord>, in scope: ScopedCatalog) async throws {
        let claim = try await scope.claim()
        do {
            try await detach(endpoint, in: scope, as: claim)
        } catch {
            await scope.mirror.commit { view in
                view.giveUp([endpoint.record])
                return []
            }
            throw error
        }
        await scope.mirror.flush()
    }

    private func detach(_ endpoint: CatalogEntry<EndpointRecord>, in scope: ScopedCatalog, as claim: NodeClaim) async throws {
        let record = endpoint.record
        if await isLastOfContainer(record, scope.mirror) {
            let revision = try await scope.catalog.removeSandbox(record.sandbox, with: [endpoint], as: claim)
            await scope.mirror.commit { $0.commitDetach(of: record, at: revision) + $0.commitRemoval(of: record.sandbox, at: revision) }
        } else {
            let revision = try await scope.catalog.detach(endpoint, as: claim)
            await scope.mirror.commit { $0.commitDetach(of: record, at: revision) }
            try await removeContainer(of: record, in: scope, as: claim)
        }
    }

    private func isLastOfContainer(_ endpoint: EndpointRecord, _ mirror: ScopeMirror) async -> Bool {
        guard endpoint.kind == .engine, await mirror.knows(endpoint.sandbox) else { return false }
        return await mirror.ownEndpoints(of: endpoint.sandbox).allSatisfy { $0.record.id == endpoint.id }
    }

    /// Two endpoints of a container that go at once each see the other, and neither is the last: the later one sees none here.
    private func removeContainer(of endpoint: EndpointRecord, in scope: ScopedCatalog, as claim: NodeClaim) async throws {
        guard await isLastOfContainer(endpoint, scope.mirror) else { return }
        let revision = try await scope.catalog.removeSandbox(endpoint.sandbox, with: [], as: claim)
        await scope.mirror.commit { $0.commitRemoval(of: endpoint.sandbox, at: revision) }
    }
}
