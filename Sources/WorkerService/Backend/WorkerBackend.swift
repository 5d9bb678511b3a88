import ClusterCatalog
import ClusterStore
import DaemonKit
import Dataplane
import EngineAPI
import EngineClient
import NetworkModel
import WorkerAPI

/// What a worker answers on its unix socket: the cluster's networks and its host's own, and its sandboxes.
struct WorkerBackend: Sendable {
    let node: NodeID
    let identity: EngineIdentity
    let scopes: NetworkScopes
    let operations: ClusterOperations
    let localOperations: ClusterOperations
    let sandboxRegistry: Sandboxes
    let attachments: Attachments
    let membership: Membership
    let recovery: Recovery
    let dataplane: Dataplane
    let hub: EventHub
    let time: any WallTime
    /// The containers of this host's engine; nil when none is served.
    var containers: EngineConnections?

    func operations(_ scope: NetworkScope) -> ClusterOperations { scope == .local ? localOperations : operations }
}

extension WorkerBackend: EngineBackend {
    func info() async -> EngineInfo {
        var info = EngineInfo(
            store: scopes.global.catalog.store.location, advertise: await membership.record.advertise, time: time.now())
        do {
            info.nodes = try await operations.nodes().map { EngineInfo.Node($0) }
        } catch {
            info.warnings.append("the cluster store does not answer: \(error)")
        }
        return info
    }

    /// While the cluster's store is away, its networks are shown as they were last known.
    func networks() async throws -> [NetworkRecord] {
        let local = try await scopes.local.catalog.networks().map(\.record)
        do {
            return try await scopes.global.catalog.networks().map(\.record) + local
        } catch {
            let mirror = scopes.global.mirror
            guard error.kind == .unavailable, await mirror.isInSync else { throw error }
            return await mirror.networks.map(\.record) + local
        }
    }

    func usedNetworks() async throws -> Set<NetworkID> {
        try await operations.usedNetworks().union(try await localOperations.usedNetworks())
    }

    func network(matching term: String, in scope: NetworkScope?) async throws -> NetworkDetail {
        let network = try await scopes.network(matching: term, in: scope).record
        return try await operations(network.scope).detail(of: network)
    }

    /// `bridge` means a local network only to who also says so by the scope, since Docker's command line sends it by itself.
    func createNetwork(_ creation: NetworkCreation) async throws -> CreatedNetwork {
        let isLocal = creation.scope == .local || creation.driver == "bridge" && creation.scope != .global
        let scope = scopes[isLocal ? .local : .global]
        let request = NetworkRequest(creation, driver: creation.driver == "bridge" ? "" : creation.driver)
        if isLocal, await scopes.global.mirror.networks.contains(where: { $0.record.name == creation.name }) {
            throw DaemonError(.conflict, "network with name \(creation.name) already exists")
        }
        // A local network is in the way of nobody else's routes; the catalog itself has those of all nodes for a global one.
        let hosts = isLocal ? [await membership.record] : []
        return CreatedNetwork(id: try await scope.catalog.createNetwork(request, avoidingRoutesOf: hosts).record.id)
    }

    func removeNetwork(matching term: String) async throws {
        let network = try await scopes.network(matching: term).record
        try await operations(network.scope).removeNetwork(matching: network.id.rawValue)
    }

    func connect(_ sandbox: String, to network: String, with options: AttachmentOptions) async throws {
        switch try await own(sandbox) {
        case .sandbox(let own): _ = try await attachments.attach(own, to: try await scopes.network(matching: network), with: options)
        case .container(let id, let containers):
            _ = try await containers.connect(id, to: try await scopes.network(matching: network).record, with: options)
        case nil:
            let other = try await scopes.global.catalog.sandbox(matching: sandbox).record
            let network = try await scopes.network(matching: network, in: .global).record
            try await operations.requestConnect(other, to: network, with: options)
        }
    }

    func disconnect(_ sandbox: String, from network: String, force: Bool) async throws {
        let network = try await scopes.network(matching: network).record
        switch try await own(sandbox) {
        case .sandbox(let own): try await attachments.detach(own, from: network)
        case .container(let id, let containers): try await containers.disconnect(id, from: network, force: force)
        case nil: try await operations(network.scope).disconnect(sandbox, from: network, force: force)
        }
    }

    /// Something of this node's that can be connected to networks.
    private enum Own {
        case sandbox(SandboxRecord)
        /// Of the engine, by its id there.
        case container(String, EngineConnections)
    }

    /// nil for what is not this node's. A container that was just started may not be recorded yet: the engine itself is asked.
    private func own(_ term: String) async throws -> Own? {
        do {
            let sandbox = try await sandboxRegistry.find(term)
            guard sandbox.kind == .engine, let containers else { return .sandbox(sandbox) }
            return .container(sandbox.runtimeID ?? sandbox.id.rawValue, containers)
        } catch let fault as any Fault where fault.kind == .notFound {
            guard let containers, let container = await containers.container(term) else { return nil }
            return .container(container.id, containers)
        }
    }

    func events() async throws -> AsyncStream<NetworkEvent> {
        hub.events()
    }
}
